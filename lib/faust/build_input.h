// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What files are built of, as the compiler takes it: a program's text, bitcode, or expressions
// (expressions.h). Runs in the compiler's process (compiler.h), whose working folder is that of the
// program.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "faust/build_formats.h"
#include "faust/library.h"

namespace patchpipe {

struct BuildSource {
    FaustForm form = FaustForm::text;
    std::string path;                  ///< of the program, for messages
    std::string name;                  ///< as the compiler is to call it: "osci.dsp"
    std::string bytes = {};            ///< what is in it
    std::string file;                  ///< a file with these bytes and the suffix of its form
    std::vector<std::string> options;  ///< as on the compiler's command line
    std::string instruction_set = {};  ///< of LLVM's code, as in llvm_target.h
};

struct ExpandedProgram {
    std::string text;
    std::string sha;  ///< of the text: 40 hexadecimal digits
};

class BuildInput {
 public:
    explicit BuildInput(BuildSource source) : source_(std::move(source)) {}
    virtual ~BuildInput() = default;
    BuildInput(const BuildInput&) = delete;
    BuildInput& operator=(const BuildInput&) = delete;

    /// All throw Error plugin-load, with the compiler's own words, if the program does not compile,
    /// and unsupported for what cannot be made of this kind of input.
    [[nodiscard]] virtual llvm_dsp_factory* compile() = 0;
    [[nodiscard]] virtual interpreter_dsp_factory* compile_for_interpreter() = 0;
    /// Writes source text in that language as folder/program and the suffix, and a helper file that
    /// some languages have as folder/program.js.
    virtual void write_language(const BuildFormat& format, const std::string& folder) = 0;
    /// The program as one text.
    [[nodiscard]] virtual ExpandedProgram expand() = 0;
    /// The key of that text; empty for what has no text any more.
    [[nodiscard]] virtual std::string sha() = 0;
    /// The same, or the text that it comes from: what it is described and drawn by. Nothing else
    /// may be called after this.
    [[nodiscard]] virtual std::string text() = 0;

    [[nodiscard]] const BuildSource& source() const { return source_; }

 private:
    BuildSource source_;
};

[[nodiscard]] std::unique_ptr<BuildInput> make_build_input(BuildSource source);

/// Room for the compiler's message: it asks for 4,096 bytes.
using FaustMessage = std::array<char, 16384>;

/// Throws Error plugin-load with the message.
[[noreturn]] void refuse_program(const BuildSource& source, const FaustMessage& message);

/// Options as C takes them. They point into the list, which must live on.
[[nodiscard]] std::vector<const char*> c_options(const std::vector<std::string>& options);

/// Builds that language from a text into a folder, as BuildInput::write_language() does.
void write_language_of_text(const BuildSource& source, const std::string& text,
                            const BuildFormat& format, const std::string& folder);

/// Has the compiler write the files that the options ask for into a folder: it is told "-O FOLDER".
/// Throws as the functions above do.
void write_auxiliary_files(const BuildSource& source, const std::string& text,
                           std::vector<std::string> options, const std::string& folder);

}  // namespace patchpipe
