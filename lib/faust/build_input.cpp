// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/build_input.h"

#include "base/error.h"
#include "faust/backend.h"
#include "faust/compile_error.h"
#include "faust/expression_input.h"
#include "faust/llvm_factory.h"
#include "faust/source_files.h"
#include "file/whole_file.h"

namespace patchpipe {
namespace {

class TextInput : public BuildInput {
 public:
    using BuildInput::BuildInput;

    llvm_dsp_factory* compile() override {
        FaustMessage message{};
        auto options = c_options(source().options);
        auto* factory = compile_llvm(source().name.c_str(), source().bytes.c_str(),
                                     static_cast<int>(source().options.size()), options.data(),
                                     source().instruction_set, message.data());
        if (!factory) refuse_program(source(), message);
        return factory;
    }

    interpreter_dsp_factory* compile_for_interpreter() override {
        FaustMessage message{};
        auto options = c_options(source().options);
        auto* factory = FAUST(createCInterpreterDSPFactoryFromString)(
            source().name.c_str(), source().bytes.c_str(),
            static_cast<int>(source().options.size()), options.data(), message.data());
        if (!factory) refuse_program(source(), message);
        return factory;
    }

    void write_language(const BuildFormat& format, const std::string& folder) override {
        write_language_of_text(source(), source().bytes, format, folder);
    }

    ExpandedProgram expand() override {
        FaustMessage message{}, sha{};
        auto options = c_options(source().options);
        const auto* text = FAUST(expandCDSPFromString)(
            source().name.c_str(), source().bytes.c_str(),
            static_cast<int>(source().options.size()), options.data(), sha.data(), message.data());
        if (!text || message[0]) refuse_program(source(), message);
        return {taken_text(const_cast<char*>(text)), sha.data()};
    }

    std::string sha() override { return expand().sha; }
    std::string text() override { return source().bytes; }
};

// What has been compiled once cannot become anything that needs the program's text.
class CompiledInput : public BuildInput {
 public:
    using BuildInput::BuildInput;

    llvm_dsp_factory* compile() override {
        FaustMessage message{};
        if (source().form != FaustForm::llvm_ir && source().form != FaustForm::llvm_bitcode)
            refuse("LLVM's code");
        auto* factory = read_llvm(source().file, source().instruction_set, message.data());
        if (!factory) refuse_program(source(), message);
        return factory;
    }

    interpreter_dsp_factory* compile_for_interpreter() override {
        if (source().form != FaustForm::interpreter_bitcode) refuse("the interpreter's bitcode");
        FaustMessage message{};
        auto* factory =
            FAUST(readCInterpreterDSPFactoryFromBitcode)(source().bytes.c_str(), message.data());
        if (!factory) refuse_program(source(), message);
        return factory;
    }

    void write_language(const BuildFormat& format, const std::string& /*folder*/) override {
        refuse(std::string(format.name));
    }
    ExpandedProgram expand() override { refuse("the program's text"); }
    std::string sha() override { return ""; }
    std::string text() override { refuse("what needs the program's text"); }

 private:
    [[noreturn]] void refuse(const std::string& what) const {
        throw Error(ErrorKind::unsupported, source().path,
                    "is compiled already, and does not become " + what +
                        " again; build that from the .dsp");
    }
};

// The function leaves out -vec and -sch, and knows their long forms.
void lengthen(std::string& option) {
    if (option == "-vec") option = "--vectorize";
    if (option == "-sch") option = "--scheduler";
}

}  // namespace

void write_language_of_text(const BuildSource& source, const std::string& text,
                            const BuildFormat& format, const std::string& folder) {
    write_auxiliary_files(
        source, text,
        {"-lang", std::string(format.name), "-o", "program" + std::string(format.suffix)}, folder);
}

std::unique_ptr<BuildInput> make_build_input(BuildSource source) {
    if (source.form == FaustForm::text) refuse_imports_by_url(source.bytes, source.path);
    switch (source.form) {
        case FaustForm::text:
            return std::make_unique<TextInput>(std::move(source));
        case FaustForm::expressions:
            return make_expression_input(std::move(source));
        case FaustForm::machine:
            throw Error(ErrorKind::unsupported, source.path,
                        "is machine code, of which nothing else can be built");
        default:
            return std::make_unique<CompiledInput>(std::move(source));
    }
}

void refuse_program(const BuildSource& source, const FaustMessage& message) {
    std::string_view words(message.data());
    words = words.substr(0, words.find("====== stack trace"));
    throw faust_compile_error(words, {.path = source.path,
                                      .name = source.name,
                                      .text = source.bytes,
                                      .options = source.options});
}

std::vector<const char*> c_options(const std::vector<std::string>& options) {
    std::vector<const char*> pointers;
    for (const auto& option : options) pointers.push_back(option.c_str());
    pointers.push_back(nullptr);
    return pointers;
}

// It returns false for some languages that it writes, and true for some programs that it does not:
// the caller looks for the file.
void write_auxiliary_files(const BuildSource& source, const std::string& text,
                           std::vector<std::string> options, const std::string& folder) {
    options.insert(options.end(), source.options.begin(), source.options.end());
    options.insert(options.end(), {"-O", folder});
    for (auto& option : options) lengthen(option);
    FaustMessage message{};
    const bool done = FAUST(generateCAuxFilesFromString)(source.name.c_str(), text.c_str(),
                                                         static_cast<int>(options.size()),
                                                         c_options(options).data(), message.data());
    if (!done && message[0]) refuse_program(source, message);
}

}  // namespace patchpipe
