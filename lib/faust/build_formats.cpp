// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/build_formats.h"

#include <algorithm>

#include "base/error.h"

namespace patchpipe {
namespace {

struct OwnOption {
    std::string_view name, instead;
};

constexpr OwnOption own_options[] = {
    {"-lang", "--lang"},
    {"--language", "--lang"},
    {"-o", "-o"},
    {"-O", "-o"},
    {"--output-dir", "-o"},
    {"-e", "--expand"},
    {"--export-dsp", "--expand"},
    {"-svg", "--svg"},
    {"--svg", "--svg"},
    {"-json", "--json"},
    {"-xml", "--xml"},
    {"-t", "--timeout"},
    {"--timeout", "--timeout"},
    {"-ps", ""},
    {"--postscript", ""},
    {"-mdoc", ""},
    {"--mathdoc", ""},
    {"-tg", ""},
    {"--task-graph", ""},
    {"-sg", ""},
    {"--signal-graph", ""},
    {"-norm", ""},
    {"--normalized-form", ""},
    {"-h", ""},
    {"--help", ""},
    {"-v", ""},
    {"--version", ""},
    {"-libdir", ""},
    {"-includedir", ""},
    {"-archdir", ""},
    {"-dspdir", ""},
    {"-pathslist", ""},
    {"-flist", ""},
    {"-time", ""},
    {"-d", ""},
    {"-vhdl", ""},
};

}  // namespace

const std::vector<BuildFormat>& build_formats() {
    using enum BuildWay;
    static const std::vector<BuildFormat> formats{
        {"c", ".c", language},
        {"cmajor", ".cmajor", language},
        {"cpp", ".cpp", language},
        {"csharp", ".cs", language},
        {"dlang", ".d", language},
        {"fir", ".fir", language},
        {"interp", ".fbc", interpreter},
        {"java", ".java", language},
        {"jax", ".py", language},
        {"julia", ".jl", language},
        {"llvm", ".ll", llvm_ir},
        {"ocpp", ".ocpp.cpp", language},
        {"rust", ".rs", language},
        {"wasm", ".wasm", language, ".js"},
        {"wast", ".wast", language, ".wast.js"},
        {"dsp", ".expanded.dsp", expanded},
        {"json", ".json", file},
        {"xml", ".xml", file},
        {"svg", ".svg", diagrams},
        {"bitcode", ".fbc", interpreter},
        {"llvm-bitcode", ".bc", llvm_bitcode},
        {"machine", ".o", machine},
    };
    return formats;
}

const BuildFormat* build_format(std::string_view name) {
    const auto& formats = build_formats();
    const auto found = std::find_if(formats.begin(), formats.end(),
                                    [&](const BuildFormat& format) { return format.name == name; });
    return found == formats.end() ? nullptr : &*found;
}

// What "faust -lang" takes: two of them are no text.
std::vector<std::string> build_languages() {
    std::vector<std::string> names;
    for (const auto& format : build_formats())
        if (format.way == BuildWay::language || format.name == "interp" || format.name == "llvm")
            names.emplace_back(format.name);
    return names;
}

void check_build_options(const std::vector<std::string>& options, const std::string& name) {
    for (const auto& option : options)
        for (const auto& own : own_options)
            if (option == own.name)
                throw Error(ErrorKind::unsupported, name,
                            "cannot be built with the compiler's option " + option +
                                (own.instead.empty()
                                     ? ", which does not say how code is generated; leave it out"
                                     : "; use " + std::string(own.instead) + " of faust-build"));
}

FaustForm faust_form(std::string_view bytes) {
    using std::operator""sv;
    if (bytes.starts_with("BC\xC0\xDE"sv)) return FaustForm::llvm_bitcode;
    if (bytes.starts_with("\x7f"
                          "ELF"sv))
        return FaustForm::machine;
    if (bytes.starts_with("interpreter_dsp_factory ")) return FaustForm::interpreter_bitcode;
    // The first line is left out of a module that has no name.
    if (bytes.starts_with("; ModuleID") || bytes.starts_with("source_filename = "))
        return FaustForm::llvm_ir;
    // No statement of the language begins with a brace.
    const auto first = bytes.find_first_not_of(" \t\r\n");
    return first != bytes.npos && bytes[first] == '{' ? FaustForm::expressions : FaustForm::text;
}

}  // namespace patchpipe
