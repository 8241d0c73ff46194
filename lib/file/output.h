// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input and output of a tool that converts one file: the file of an option or operand, or a
// standard stream. Not here: records.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "file/whole_file.h"

namespace patchpipe {

/// The path of a file, or of standard input for "-". Throws UsageError if that is a terminal.
[[nodiscard]] std::string input_path(const std::string& file);

/// The bytes of that file. Throws the same, and Error as read_file does.
[[nodiscard]] std::string read_input(const std::string& file, std::size_t largest);

/// The name of that input in messages.
[[nodiscard]] std::string input_name(const std::string& file);

/// Throws UsageError if the output would go to a terminal: path is missing or "-", and standard
/// output is one. what names the output in the message.
void refuse_terminal(const std::optional<std::string>& path, std::string_view what);

/// Throws UsageError if the output would replace the input.
void refuse_input_as_output(const std::optional<std::string>& path, const std::string& file);

/// Output that is written in parts: to a whole file, or to standard output if path is missing or
/// "-". A file that exists keeps its mode.
class Output {
 public:
    explicit Output(const std::optional<std::string>& path);
    /// Throws Error io for a file, ReaderGone and WriteFailed for standard output.
    void write(std::string_view bytes);
    /// Gives the file its name; call it once, as the last thing.
    void commit();

 private:
    std::optional<WholeFile> file_;
};

/// Writes all of it to an Output.
void write_output(const std::optional<std::string>& path, std::string_view bytes);

}  // namespace patchpipe
