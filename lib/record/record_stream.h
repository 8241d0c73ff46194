// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The stream that records come from: what it must not be, and which files are it. Not here: reading
// it (stream.h, shared_stream.h).
#pragma once

#include <sys/stat.h>
#include <optional>
#include <string>
#include <string_view>

namespace patchpipe {

/// Throws UsageError if standard input is a terminal: the user forgot the pipe. what is the word
/// for its records in the message.
void refuse_terminal_input(std::string_view what);

/// Standard input; empty if it is closed.
[[nodiscard]] std::optional<struct stat> stream_of_records();

/// Throws Error bad-record if the path in the field key leads to the stream, by any name:
/// /dev/stdin, /dev/fd/0, a link to them. Read or written as a file, it would lose the other
/// records.
void refuse_as_file(const struct stat& stream, std::string_view key, const std::string& path);

}  // namespace patchpipe
