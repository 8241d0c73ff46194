// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/build_program.h"

#include <filesystem>

#include "base/error.h"
#include "faust/diagrams.h"
#include "file/read_file.h"
#include "file/whole_file.h"

namespace patchpipe {
namespace {

void require(bool written, const BuildInput& input, const BuildFormat& format) {
    if (!written)
        throw Error(ErrorKind::unsupported, input.source().path,
                    "is not built as " + std::string(format.name) +
                        ": the compiler writes nothing and does not say why");
}

// Julia evaluates what is behind a $ in a text, and the compiler writes names as they are.
void keep_dollars(const std::string& path) {
    constexpr std::size_t largest = std::size_t{1} << 30;
    std::string kept;
    bool escaped = false;
    for (const char c : read_file(path, largest)) {
        if (c == '$' && !escaped) kept += '\\';
        escaped = c == '\\' && !escaped;
        kept += c;
    }
    write_whole_file(path, kept);
}

// The library names it after the program.
void write_description(BuildInput& input, const BuildFormat& format, const std::string& folder) {
    const std::string name(format.name);
    write_auxiliary_files(input.source(), input.text(), {"-" + name, "-o", "program.tmp"}, folder);
    std::error_code why;
    std::filesystem::rename(folder + "/" + input.source().name + "." + name,
                            folder + "/program." + name, why);
    require(!why, input, format);
    std::filesystem::remove(folder + "/program.tmp", why);
}

// Without -o the program's C++ goes to standard output.
void write_diagrams(BuildInput& input, const BuildFormat& format, const std::string& folder) {
    const auto aside = folder + ".aside";
    std::filesystem::create_directory(aside);
    write_auxiliary_files(input.source(), input.text(), {"-svg", "-o", "program.cpp"}, aside);
    std::string diagrams;
    for (const auto& entry : std::filesystem::directory_iterator(aside))
        if (entry.is_directory()) diagrams = entry.path();
    require(!diagrams.empty(), input, format);
    take_diagrams(diagrams, folder);
}

bool write_llvm(BuildInput& input, BuildWay way, const std::string& path) {
    auto* factory = input.compile();
    if (way == BuildWay::llvm_ir) return FAUST(writeCDSPFactoryToIRFile)(factory, path.c_str());
    if (way == BuildWay::llvm_bitcode)
        return FAUST(writeCDSPFactoryToBitcodeFile)(factory, path.c_str());
    constexpr auto as_compiled = "";
    return FAUST(writeCDSPFactoryToMachineFile)(factory, path.c_str(), as_compiled);
}

}  // namespace

void build_program(BuildInput& input, const BuildFormat& format, const std::string& folder) {
    const auto path = folder + "/program" + std::string(format.suffix);
    switch (format.way) {
        case BuildWay::language:
            input.write_language(format, folder);
            if (format.name == "julia") keep_dollars(path);
            break;
        case BuildWay::expanded:
            return write_whole_file(path, input.expand().text);
        case BuildWay::file:
            return write_description(input, format, folder);
        case BuildWay::diagrams:
            return write_diagrams(input, format, folder);
        case BuildWay::interpreter:
            return require(FAUST(writeCInterpreterDSPFactoryToBitcodeFile)(
                               input.compile_for_interpreter(), path.c_str()),
                           input, format);
        default:
            return require(write_llvm(input, format.way, path), input, format);
    }
    std::error_code why;
    require(std::filesystem::file_size(path, why) > 0 && !why, input, format);
}

}  // namespace patchpipe
