// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What can be built of a Faust program, as a table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace patchpipe {

enum class BuildWay {
    language,     ///< source text: "faust -lang NAME"
    expanded,     ///< one Faust text with all that it imports
    file,         ///< a file about the program: "faust -NAME"
    diagrams,     ///< block diagrams, one for each expression that has a name
    interpreter,  ///< the interpreter's bitcode
    llvm_ir,
    llvm_bitcode,
    machine,  ///< machine code for this machine
};

struct BuildFormat {
    std::string_view name;    ///< in options and records
    std::string_view suffix;  ///< of its file
    BuildWay way;
    std::string_view helper_suffix = {};  ///< of the second file that some languages have
};

/// All that libfaust 2.54.9 can make.
[[nodiscard]] const std::vector<BuildFormat>& build_formats();

/// The format of that name; null if no format has it.
[[nodiscard]] const BuildFormat* build_format(std::string_view name);

/// The names of those that are source text, for messages.
[[nodiscard]] std::vector<std::string> build_languages();

/// Throws Error unsupported, with the name as its subject, for a compiler's option that has another
/// one here, or that makes the compiler print something and end.
void check_build_options(const std::vector<std::string>& options, const std::string& name);

/// What a program's file holds, told by how it begins.
enum class FaustForm { text, expressions, interpreter_bitcode, llvm_bitcode, llvm_ir, machine };

[[nodiscard]] FaustForm faust_form(std::string_view bytes);

}  // namespace patchpipe
