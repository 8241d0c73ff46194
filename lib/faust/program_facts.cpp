// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/program_facts.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/utf8.h"
#include "base/words.h"
#include "faust/compile_error.h"
#include "faust/llvm_factory.h"
#include "faust/working_folder.h"
#include "file/absolute.h"
#include "file/read_file.h"

namespace patchpipe {
namespace {

constexpr std::size_t longest_fact = 1000, most_texts = 1000;

// A list of the library's, which is freed, each text on one line and not too long, without repeats.
std::vector<std::string> taken_list(const char** list) {
    std::vector<std::string> texts;
    for (auto* item = list; item && *item; ++item) {
        auto text = readable(on_one_line(*item));
        if (text.size() > longest_fact) text = std::string(cut_to(text, longest_fact - 3)) + "...";
        const bool known = std::find(texts.begin(), texts.end(), text) != texts.end();
        if (!known && texts.size() < most_texts) texts.push_back(std::move(text));
        FAUST(freeCMemory)(const_cast<char*>(*item));
    }
    FAUST(freeCMemory)(list);
    return texts;
}

std::vector<std::string> taken_warnings(const char** list) {
    constexpr std::string_view mark = "WARNING : ";
    auto warnings = taken_list(list);
    for (auto& warning : warnings)
        if (warning.starts_with(mark)) warning.erase(0, mark.size());
    return warnings;
}

FaustProgramFacts facts_of(llvm_dsp_factory* factory) {
    return {.libraries = taken_list(FAUST(getCDSPFactoryLibraryList)(factory)),
            .include_paths = taken_list(FAUST(getCDSPFactoryIncludePathnames)(factory)),
            .warnings = taken_warnings(FAUST(getCWarningMessages)(factory))};
}

// A text that is compiled once more, or expanded.
class Text {
 public:
    Text(const std::string& path, const std::vector<std::string>& options)
        : program_{.path = path,
                   .name = faust_program_name(path),
                   .text = read_file(path, largest_program),
                   .options = options},
          folder_(absolute_path(parent_folder(path))),
          works_there_(folder_) {
        for (const auto& option : options) words_.push_back(option.c_str());
    }

    // The program's name and the options, and so -I, are in the expanded text, and so in the key.
    std::string sha() {
        Message message{}, sha{};
        const auto* text = FAUST(expandCDSPFromString)(
            (program_.name + ".dsp").c_str(), program_.text.c_str(),
            static_cast<int>(words_.size()), words_.data(), sha.data(), message.data());
        (void)taken_text(const_cast<char*>(text));
        if (!text || message[0]) throw faust_compile_error(message.data(), program_);
        return sha.data();
    }

    // The interpreter's program does not know them, and machine code knows no warnings.
    FaustProgramFacts facts_of_llvm() {
        auto words = words_;
        words.insert(words.end(), {"-I", folder_.c_str(), "-wall"});
        Message message{};
        const std::unique_ptr<llvm_dsp_factory, void (*)(llvm_dsp_factory*)> factory(
            FAUST(createCDSPFactoryFromString)(program_.name.c_str(), program_.text.c_str(),
                                               static_cast<int>(words.size()), words.data(), "",
                                               message.data(), no_llvm_optimisation),
            [](llvm_dsp_factory* used) { (void)FAUST(deleteCDSPFactory)(used); });
        if (!factory) throw faust_compile_error(message.data(), program_);
        return facts_of(factory.get());
    }

 private:
    using Message = std::array<char, 4 * longest_faust_error>;

    RefusedProgram program_;
    std::string folder_;
    WorkingFolder works_there_;
    std::vector<const char*> words_;
};

}  // namespace

FaustProgramFacts faust_program_facts(const FaustProgram& program,
                                      const std::vector<std::string>& options) {
    const bool is_text = program.path().ends_with(".dsp");
    const bool is_llvm = &program.backend() == &llvm_backend();
    if (!is_text && !is_llvm) return {};
    std::optional<Text> text;
    if (is_text) text.emplace(program.path(), options);
    const bool knows_all = is_llvm && (program.compiled() || !is_text);
    auto facts = knows_all ? facts_of(static_cast<llvm_dsp_factory*>(program.factory()))
                           : text->facts_of_llvm();
    if (text)
        facts.sha = text->sha();
    else
        facts.warnings.reset();  // it may have been compiled without -wall
    return facts;
}

}  // namespace patchpipe
