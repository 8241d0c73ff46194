// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads a whole file into memory, up to a limit, or its head. Not here: lines (stream.h), writing.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/descriptor.h"

namespace patchpipe {

/// What a path may lead to. Reading a device, or a FIFO that nobody writes to, may never end, so
/// those are accepted only where the user named them: as an operand, not in a field of a record.
enum class Accept { regular, anything };

/// A regular file, open at its beginning. Throws as read_file() does for one that is not there or
/// is none.
[[nodiscard]] Descriptor open_file(const std::string& path);

/// The file's bytes; a pipe is read to its end. Throws Error not-found; io with the system's words,
/// for a folder among others; and unsupported for a kind of file that is not accepted and for more
/// than largest bytes.
[[nodiscard]] std::string read_file(const std::string& path, std::size_t largest,
                                    Accept accept = Accept::regular);

/// Calls use with the file's bytes, piece after piece. Throws as read_file does.
void read_file_in_pieces(const std::string& path, std::size_t largest,
                         const std::function<void(std::string_view)>& use);

/// The file's first bytes, at most `most`. Throws as read_file does.
[[nodiscard]] std::string read_file_head(const std::string& path, std::size_t most,
                                         Accept accept = Accept::regular);

/// Reads the first `first` bytes, passes them to wanted(), and reads on until there are as many
/// bytes as that returns. Works on a pipe too, which can be opened only once. Throws as read_file
/// does.
[[nodiscard]] std::string read_file_head(const std::string& path, std::size_t first,
                                         const std::function<std::size_t(std::string_view)>& wanted,
                                         Accept accept = Accept::regular);

}  // namespace patchpipe
