// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Builds Faust programs into source code, bitcode, machine code and diagrams, and writes a record
// for each file.

#include <unistd.h>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/closest.h"
#include "base/json.h"
#include "base/words.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "faust/build_files.h"
#include "faust/llvm_target.h"
#include "file/absolute.h"
#include "file/output.h"
#include "file/read_file.h"
#include "file/whole_file.h"
#include "record/compile_options.h"
#include "record/filter.h"
#include "record/record_loop.h"
#include "record/record_stream.h"

using namespace patchpipe;

namespace {

constexpr std::size_t largest_source = std::size_t{64} << 20;

struct Options {
    std::vector<std::string> programs;
    std::optional<std::vector<std::string>> compile_options;
    std::vector<std::string> import_options;
    BuildWishes wishes;
    std::string instruction_set;  // empty: this machine's
    CompilerSettings compiler{};
    bool list = false;
    bool to_stdout = false;  // the file, and the records to standard error
};

void add_format(Options& options, std::string_view name) {
    const auto* format = build_format(name);
    for (const auto* given : options.wishes.formats)
        if (given == format) return;
    options.wishes.formats.push_back(format);
}

std::vector<std::string> names_in(std::string list) {
    std::replace(list.begin(), list.end(), ',', ' ');
    return words_of(list);
}

void add_languages(Options& options, const std::vector<std::string>& lists) {
    const auto known = build_languages();
    for (const auto& list : lists)
        for (const auto& name : names_in(list)) {
            if (std::find(known.begin(), known.end(), name) == known.end())
                throw UsageError("--lang: libfaust has no '" + printable(name) + "'" +
                                 closest_words(known, name) + "; it has " +
                                 joined(known, ", ", " and "));
            add_format(options, name);
        }
}

void check_target(const std::string& name) {
    const auto& known = llvm_instruction_sets();
    if (known.empty()) throw UsageError("--target: code is made for this machine only");
    if (std::find(known.begin(), known.end(), name) == known.end())
        throw UsageError("--target: is one of " + joined(known, ", ", " and ") + ", not '" +
                         printable(name) + "'");
}

// Of a language with two files the second has no place there.
void set_standard_output(Options& options) {
    for (const auto* format : options.wishes.formats)
        if (!format->helper_suffix.empty())
            throw UsageError("-o: " + std::string(format->name) +
                             " is two files, which need names or a folder");
    options.to_stdout = true;
    options.wishes.file = "/dev/stdout";
}

// A folder that is there, or whose name ends in a slash, is for any number of files.
void set_place(Options& options, const std::optional<std::string>& output,
               const std::optional<std::string>& diagrams) {
    auto& wishes = options.wishes;
    if (output && output->empty()) throw UsageError("-o: is empty; write -o . for this folder");
    std::error_code unseen;
    if (output && !output->ends_with('/') && !std::filesystem::is_directory(*output, unseen)) {
        const bool several = options.programs.size() != 1 || wishes.formats.size() != 1;
        if (several || diagrams)
            throw UsageError("-o: " + printable(*output) +
                             " is for one file of one program; write " + printable(*output) +
                             "/ for a folder");
        if (*output == "-" || named_descriptor(*output) == STDOUT_FILENO)
            set_standard_output(options);
        else
            wishes.file = output_folder("-o", *output);
    }
    wishes.folder = output_folder("-o", output.value_or("."));
    if (diagrams) wishes.diagram_folder = output_folder("--svg", *diagrams);
}

Options parse_options(int argc, char** argv) {
    Options options;
    std::vector<std::string> languages, imports;
    std::optional<std::string> output, diagrams, compile_options, target;
    bool expand = false, bitcode = false, llvm_bitcode = false, machine = false, json = false,
         xml = false, sha = false;
    double timeout = 120;
    std::optional<std::int64_t> max_memory;
    CommandLine line("faust-build", "[OPTION]... [PROGRAM]...",
                     "Builds Faust programs into source code, bitcode, machine code and diagrams.",
                     "faust-build --lang cpp,rust --svg diagrams -o out organ.dsp");
    line.texts("l,lang", "LIST", languages, "source code: c, cpp, rust, wasm ...; repeatable");
    line.flag("e,expand", expand, "one text with all that the program imports");
    line.flag("b,bitcode", bitcode, "the interpreter's bitcode, .fbc");
    line.flag("llvm-bitcode", llvm_bitcode, "LLVM's bitcode, .bc");
    line.flag("machine", machine, "machine code, .o");
    line.text("target", "SET", target,
              "of LLVM's code: x86-64, sse4.2, avx2; default this machine's");
    line.flag("json", json, "a description with the interface, .json");
    line.flag("xml", xml, "the same as .xml");
    line.text("svg", "DIR", diagrams, "block diagrams, in DIR/PROGRAM-svg");
    line.flag("explain", options.wishes.explain,
              "no file: what the nodes of expressions are, and the program");
    line.flag("sha", sha, "no file: the program's key, which every record has");
    line.flag("list", options.list, "no program: the compiler's version and languages");
    line.text("o,output", "PATH", output, "the file, or a folder; default this folder");
    line.texts("I,import-dir", "DIR", imports, "look there for what is imported; repeatable");
    line.text("compile-options", "TEXT", compile_options, "for the compiler: \"-double -vec\"");
    line.number("timeout", "SECONDS", timeout, 0.001, 1e6, "for each file; default 120");
    line.whole_number("max-memory", "MIB", max_memory, 1, 1 << 24,
                      "memory limit of the compiler; default 4096");
    line.flag("v,verbose", options.compiler.output, "let what the compiler prints through");
    options.programs = line.parse(argc, argv);
    add_languages(options, languages);
    if (expand) add_format(options, "dsp");
    if (bitcode) add_format(options, "interp");
    if (llvm_bitcode) add_format(options, "llvm-bitcode");
    if (machine) add_format(options, "machine");
    if (json) add_format(options, "json");
    if (xml) add_format(options, "xml");
    if (diagrams) add_format(options, "svg");
    const bool builds = !options.wishes.formats.empty() || options.wishes.explain || sha;
    if (options.list && (builds || output || !options.programs.empty()))
        throw UsageError("--list: is about the compiler, and builds nothing");
    if (!options.list && !builds)
        throw UsageError("name what to build: --lang cpp, --bitcode, --svg DIR or another");
    set_place(options, output, diagrams);
    if (target) check_target(*target);
    options.instruction_set = target.value_or("");
    if (compile_options) options.compile_options = words_of(*compile_options);
    for (const auto& folder : imports)
        options.import_options.insert(options.import_options.end(), {"-I", absolute_path(folder)});
    options.compiler.timeout =
        std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>(timeout));
    options.compiler.max_memory = max_memory.value_or(4096);
    return options;
}

// Options given here win over those in the record, which then says what counted.
std::vector<std::string> take_options(const Options& options, Record& record) {
    auto words = options.compile_options ? *options.compile_options : compile_options_of(record);
    words.insert(words.end(), options.import_options.begin(), options.import_options.end());
    check_build_options(words, record.text("plugin_path").value_or(""));
    if (options.compile_options || !options.import_options.empty())
        record.set_json("compile_options", json_list(words));
    return words;
}

ExitStatus list_compiler(const Options& options) {
    RecordWriter out(STDOUT_FILENO);
    out.write(FaustCompiler(options.compiler).describe());
    out.flush();
    return out.status();
}

ExitStatus build_operands(const Options& options, FileBuilder& builder) {
    RecordWriter out(options.to_stdout ? STDERR_FILENO : STDOUT_FILENO);
    const auto write = [&](const Record& record) {
        out.write(record);
        out.flush();  // its file is there already
    };
    std::vector<std::string> paths;
    for (const auto& program : options.programs)
        paths.push_back(program == "-" ? program : absolute_path(program));
    const bool all = take_operands(
        paths, "plugin_path", "program",
        [&](Record& record) {
            const auto path = record.text("plugin_path").value_or("");
            builder.build(record,
                          {path, read_input(path, largest_source), take_options(options, record),
                           options.instruction_set},
                          write);
        },
        [&](const Record& record) {
            if (record.is_error()) write(record);  // the builder has written the others
        },
        warn);
    return all ? out.status() : ExitStatus::some_failed;
}

ExitStatus build_records(const Options& options, FileBuilder& builder) {
    return filter([&](Record& record, RecordWriter& out) {
        const auto path = record.path("plugin_path");
        if (!path)
            throw Error(ErrorKind::bad_record, "plugin_path",
                        "is missing; it names the Faust program");
        const auto absolute = absolute_path(*path);
        builder.build(record,
                      {absolute, read_file(absolute, largest_source), take_options(options, record),
                       options.instruction_set},
                      [&](const Record& result) {
                          out.write(result);
                          out.flush();  // its file is there already
                      });
    });
}

ExitStatus run(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    require_system();
    if (options.list) return list_compiler(options);
    if (options.programs.empty()) refuse_terminal_input("programs");
    FileBuilder builder(options.compiler, options.wishes);
    return options.programs.empty() ? build_records(options, builder)
                                    : build_operands(options, builder);
}

}  // namespace

int main(int argc, char** argv) {
    serve_if_compiler(argc, argv);
    return run_tool("faust-build", [&] { return run(argc, argv); });
}
