// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the compiler knows of a program besides its sound: files, folders, warnings, a key.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "faust/program.h"

namespace patchpipe {

/// What is not known is not set: the interpreter's bitcode knows nothing of this, LLVM's
/// no key and no warnings.
struct FaustProgramFacts {
    std::optional<std::string> sha = {};  ///< of the expanded text, as FaustCompiler::sha()
    std::optional<std::vector<std::string>> libraries = {};      ///< imported, in their order
    std::optional<std::vector<std::string>> include_paths = {};  ///< searched, in their order
    /// The compiler's words, each on one line and at most 1000 bytes; at most 1000 of them.
    std::optional<std::vector<std::string>> warnings = {};
};

/// Expands a text, and compiles it again if the interpreter plays it. Throws as FaustProgram does.
[[nodiscard]] FaustProgramFacts faust_program_facts(const FaustProgram& program,
                                                    const std::vector<std::string>& options);

}  // namespace patchpipe
