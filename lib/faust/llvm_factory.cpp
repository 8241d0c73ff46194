// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/llvm_factory.h"

#include <dlfcn.h>
#include <algorithm>
#include <cstdio>

#include "faust/backend.h"
#include "faust/llvm_target.h"

namespace patchpipe {
namespace {

constexpr int best_optimisation = -1;

// The foreign constant or variable that the library gives a place of its own, where it stays 0,
// since it cannot know its value: "@x = internal global i32 0". Its own globals are arrays. Empty
// if there is none. Call this before the code is optimised.
std::string unknown_foreign_value(std::string_view text) {
    constexpr std::string_view middle = " = internal global ";
    for (auto at = text.find(middle); at != text.npos; at = text.find(middle, at + 1)) {
        const auto begin = text.rfind('\n', at) + 1;
        const auto type = text.substr(at + middle.size(), 1);
        if (text[begin] == '@' && text[begin + 1] != '"' && type != "[")
            return std::string(text.substr(begin + 1, at - begin - 1));
    }
    return "";
}

llvm_dsp_factory* compiled_again(llvm_dsp_factory* draft, const std::string& instruction_set,
                                 char* error) {
    if (!draft) return nullptr;
    const auto text = taken_text(FAUST(writeCDSPFactoryToIR)(draft));
    (void)FAUST(deleteCDSPFactory)(draft);
    return exact_llvm(text, instruction_set, error);
}

}  // namespace

llvm_dsp_factory* exact_llvm(const std::string& draft, const std::string& instruction_set,
                             char* error) {
    if (const auto name = unknown_foreign_value(draft); !name.empty()) {
        // The words of the interpreter, which refuses it by itself.
        std::snprintf(error, longest_faust_error,
                      "ERROR : accessing foreign constant or variable '%s' is not allowed in this "
                      "compilation mode!",
                      name.c_str());
        return nullptr;
    }
    const auto text = for_instruction_set(without_fast_marks(draft), instruction_set);
    return FAUST(readCDSPFactoryFromIR)(text.c_str(), library_target().c_str(), error,
                                        best_optimisation);
}

std::string without_fast_marks(const std::string& text) {
    constexpr std::string_view mark = " fast ";
    std::string kept;
    kept.reserve(text.size());
    bool quoted = false;  // a quote inside quotes is written as \22
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!quoted && text.compare(i, mark.size(), mark) == 0) i += mark.size() - 1;
        quoted = quoted != (text[i] == '"');
        kept += text[i];
    }
    return kept;
}

// The lines are "declare float @sinf(float)".
std::vector<std::string> missing_llvm_functions(std::string_view text) {
    std::vector<std::string> missing;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const auto name_begin = line.find('@');
        if (!line.starts_with("declare ") || name_begin == line.npos) continue;
        const std::string name(
            line.substr(name_begin + 1, line.find_first_of("( ", name_begin) - name_begin - 1));
        const bool is_llvms = name.starts_with("llvm.");
        if (!is_llvms && !dlsym(RTLD_DEFAULT, name.c_str())) missing.push_back(name);
    }
    return missing;
}

llvm_dsp_factory* compile_llvm(const char* name, const char* text, int argc, const char** argv,
                               const std::string& instruction_set, char* error) {
    return compiled_again(
        FAUST(createCDSPFactoryFromString)(name, text, argc, argv, library_target().c_str(), error,
                                           no_llvm_optimisation),
        instruction_set, error);
}

llvm_dsp_factory* read_llvm(const std::string& path, const std::string& instruction_set,
                            char* error) {
    const auto read = path.ends_with(".ll") ? FAUST(readCDSPFactoryFromIRFile)
                                            : FAUST(readCDSPFactoryFromBitcodeFile);
    return compiled_again(read(path.c_str(), library_target().c_str(), error, no_llvm_optimisation),
                          instruction_set, error);
}

}  // namespace patchpipe
