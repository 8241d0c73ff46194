// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A whole file in memory, if it is not too large, or its head. Not here: lines (stream.h), writing.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace patchpipe {

/// The file's bytes; a pipe is read to its end. Throws Error: not-found, io with the system's words
/// (a folder is one case), unsupported if there are more than largest bytes.
[[nodiscard]] std::string read_file(const std::string& path, std::size_t largest);

/// The file's first bytes, as many as it has but no more than most. Throws as read_file does.
[[nodiscard]] std::string read_file_head(const std::string& path, std::size_t most);

/// The file's first bytes: at least those, and by them as many in all as wanted() asks for. Of a
/// pipe too, which can be opened once. Throws as read_file does.
[[nodiscard]] std::string read_file_head(
    const std::string& path, std::size_t first,
    const std::function<std::size_t(std::string_view)>& wanted);

}  // namespace patchpipe
