// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pipes as files, for readers that go back. Not here: outputs that are FIFOs (whole_file.h).
#pragma once

#include <cstdint>
#include <string>

#include "base/descriptor.h"

namespace patchpipe {

/// Opens a file to read it, without waiting: the writer of a FIFO may come later, which
/// copy_pipe() waits for. Without a descriptor errno says why.
[[nodiscard]] Descriptor open_to_read(const std::string& path);

/// Returns a file without a name, at its beginning, with what comes from a pipe that
/// open_to_read(path) opened. A FIFO must have a writer within ten seconds. name is for messages.
/// Throws Error io, and unsupported for more than largest_pipe bytes.
[[nodiscard]] Descriptor copy_pipe(int pipe, const std::string& path, const std::string& name);
inline constexpr std::uint64_t largest_pipe = std::uint64_t{16} << 30;

}  // namespace patchpipe
