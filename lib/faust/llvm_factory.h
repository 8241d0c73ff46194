// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Programs compiled by libfaust's LLVM back end, with the arithmetic that the program says. The
// library marks every operation as "fast", which lets LLVM reorder and approximate: int(pow(53, 2))
// becomes 2808, a delay gets another length, and a test for NaN is left out. The marks are taken
// away before anything is optimised; then the samples are those of the interpreter and of the C++
// that the compiler writes, but for the last bits.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "faust/library.h"

namespace patchpipe {

/// As createCDSPFactoryFromString() of <faust/dsp/llvm-dsp-c.h>, for an instruction set of
/// llvm_target.h; null, and the compiler's words in `error`, if the text does not compile. `error`
/// has 4096 bytes.
[[nodiscard]] llvm_dsp_factory* compile_llvm(const char* name, const char* text, int argc,
                                             const char** argv, const std::string& instruction_set,
                                             char* error);

/// The same of a file of LLVM's bitcode, or of its text if the name ends in .ll.
[[nodiscard]] llvm_dsp_factory* read_llvm(const std::string& path,
                                          const std::string& instruction_set, char* error);

/// How libfaust is told to compile a draft: one that is not run, or is compiled again.
inline constexpr int no_llvm_optimisation = 0;

/// The same of LLVM's text of a program that was not optimised yet. Refuses a foreign constant or
/// variable that the library does not know: it would be 0.
[[nodiscard]] llvm_dsp_factory* exact_llvm(const std::string& draft,
                                           const std::string& instruction_set, char* error);

/// The functions that LLVM's text declares and does not define, and that no library in this process
/// has.
[[nodiscard]] std::vector<std::string> missing_llvm_functions(std::string_view text);

/// LLVM's text without the mark "fast" at operations. What is between quotes stays.
[[nodiscard]] std::string without_fast_marks(const std::string& text);

}  // namespace patchpipe
