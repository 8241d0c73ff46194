// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A whole file in memory, if it is not too large. Not here: lines (stream.h), writing.
#pragma once

#include <cstddef>
#include <string>

namespace patchpipe {

/// The file's bytes; a pipe is read to its end. Throws Error: not-found, io with the system's words
/// (a folder is one case), unsupported if there are more than largest bytes.
[[nodiscard]] std::string read_file(const std::string& path, std::size_t largest);

}  // namespace patchpipe
