// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the Faust compiler says when it refuses a program, taken apart. Not here: the column, which
// it does not say (error_column.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace patchpipe {

/// A message of the compiler, which may have several lines with an expression in them.
[[nodiscard]] std::string on_one_line(std::string_view text);

/// What to do with a program that calls C code.
inline constexpr std::string_view foreign_advice =
    "build source code of it with faust-build, and link it with what has them";

struct FaustCompileError {
    std::string file;   ///< as the compiler names it: a program without its ".dsp"; may be empty
    int line = 0;       ///< counted from 1; 0 if the compiler names none
    std::string words;  ///< its own, on one line
};

[[nodiscard]] FaustCompileError parse_faust_error(std::string_view message);

/// The sentence for an Error whose subject is the program of that name: "does not compile: line 3:
/// undefined symbol : foo". Another file, a library, is named with its line.
[[nodiscard]] std::string faust_error_sentence(std::string_view message, std::string_view program);

/// A program that did not compile.
struct RefusedProgram {
    std::string path;                  ///< absolute, or "-"
    std::string name;                  ///< what the compiler calls it
    std::string text;                  ///< of the file
    std::vector<std::string> options;  ///< it was compiled with
};

/// Error plugin-load with that sentence, and its place: the file, with the line and the column as
/// far as they are known.
[[nodiscard]] Error faust_compile_error(std::string_view message, const RefusedProgram& program);

}  // namespace patchpipe
