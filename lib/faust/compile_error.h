// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the Faust compiler says when it refuses a program, taken apart.
#pragma once

#include <string>
#include <string_view>

namespace patchpipe {

struct FaustCompileError {
    std::string file;   ///< as the compiler names it: a program without its ".dsp"; may be empty
    int line = 0;       ///< counted from 1; 0 if the compiler names none
    std::string words;  ///< its own, on one line
};

[[nodiscard]] FaustCompileError parse_faust_error(std::string_view message);

/// The sentence for an Error whose subject is the program of that name: "does not compile: line 3:
/// undefined symbol : foo". Another file, a library, is named with its line.
[[nodiscard]] std::string faust_error_sentence(std::string_view message, std::string_view program);

}  // namespace patchpipe
