// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a tool that gives one thing reads it from and puts it: the file of an option or operand, or
// a standard stream. Not here: records (record/stream.h).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace patchpipe {

/// A file's bytes, or those of standard input for "-". Throws Error as read_file does, and
/// UsageError if standard input is a terminal.
[[nodiscard]] std::string read_input(const std::string& file, std::size_t largest);

/// How messages call that input.
[[nodiscard]] std::string input_name(const std::string& file);

/// Throws UsageError if there is no path and standard output is a terminal. what says what would
/// have been printed.
void refuse_terminal(const std::optional<std::string>& path, std::string_view what);

/// Writes a whole file, or to standard output if there is no path. Throws Error io for the one,
/// ReaderGone and WriteFailed for the other.
void write_output(const std::optional<std::string>& path, std::string_view bytes);

}  // namespace patchpipe
