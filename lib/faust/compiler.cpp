// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/compiler.h"

#include <algorithm>
#include <filesystem>

#include "base/json.h"
#include "base/words.h"
#include "faust/backend.h"
#include "faust/build_program.h"
#include "faust/expression_input.h"
#include "faust/llvm_target.h"
#include "faust/program.h"
#include "faust/working_folder.h"
#include "file/absolute.h"
#include "file/read_file.h"
#include "file/whole_file.h"
#include "isolation/server.h"

namespace patchpipe {
namespace {

constexpr std::string_view build_verb = "build", sha_verb = "sha", explain_verb = "explain",
                           describe_verb = "describe";
constexpr std::size_t largest_source = std::size_t{64} << 20;
constexpr std::size_t most_built_files = 10000;

std::string suffix_of(FaustForm form) {
    switch (form) {
        case FaustForm::text:
            return ".dsp";
        case FaustForm::expressions:
            return ".ndjson";
        case FaustForm::interpreter_bitcode:
            return ".fbc";
        case FaustForm::llvm_bitcode:
            return ".bc";
        case FaustForm::llvm_ir:
            return ".ll";
        case FaustForm::machine:
            return ".o";
    }
    return "";
}

std::string records_json(const std::vector<Record>& records) {
    std::vector<std::string> lines;
    for (const auto& record : records) lines.push_back(record.line());
    return "[" + joined(lines, ",") + "]";
}

Record description() {
    Record record("{}");
    record.set("compiler_version", faust_version());
    record.set("compiler_target", faust_target());
    record.set_json("languages", json_list(build_languages()));
    record.set("status", "ok");
    return record;
}

class CompilerHandler : public Handler {
 public:
    Record open(const Record& /*setup*/, Asker& asker) override {
        asker.note("loading the Faust compiler");
        (void)FAUST(getCLibFaustVersion)();
        return Record("{\"status\":\"ok\"}");
    }

    [[nodiscard]] std::string name() const override { return "the Faust compiler"; }

    // An error of the program is part of the answer: that of an isolated process would have words
    // about the process added to it.
    Record answer(std::string_view verb, const Record& request, Asker& asker) override try {
        return answer_to(verb, request, asker);
    } catch (const Error& error) {
        Record answer("{\"status\":\"ok\"}");
        answer.set_json("refusal", error_record(error).line());
        return answer;
    }

 private:
    static Record answer_to(std::string_view verb, const Record& request, Asker& asker) {
        if (verb == describe_verb) return description();
        const WorkingFolder works_there(request.path("working_folder").value_or("/"));
        auto source = read_source(request);
        asker.note("compiling " + std::string(file_name(source.path)));
        Record answer("{\"status\":\"ok\"}");
        if (verb == explain_verb) {
            answer.set_json("records", records_json(explain_expressions(source)));
            return answer;
        }
        const auto input = make_build_input(std::move(source));
        if (verb == sha_verb) {
            answer.set("sha", input->sha());
        } else if (verb == build_verb) {
            build_program(*input, *build_format(request.text("format").value_or("")),
                          request.path("folder").value_or(""));
        }
        return answer;
    }

    static BuildSource read_source(const Record& request) {
        BuildSource source{
            .path = request.text("path").value_or(""),
            .name = request.text("name").value_or(""),
            .file = request.path("file").value_or(""),
            .options = json_texts(request.raw("options").value_or("[]")),
            .instruction_set = request.text("instruction_set").value_or(own_instruction_set())};
        source.bytes = read_file(source.file, largest_source);
        source.form = faust_form(source.bytes);
        return source;
    }
};

}  // namespace

void serve_if_compiler(int argc, char** argv) {
    serve_if_isolated(argc, argv, [] { return std::make_unique<CompilerHandler>(); });
}

std::string FaustSource::stem() const {
    if (path == "-") return "stdin";
    const std::string name(file_name(path));
    const auto dot = name.rfind('.');
    return dot == name.npos || dot == 0 ? name : name.substr(0, dot);
}

FaustCompiler::FaustCompiler(const CompilerSettings& settings) : settings_(settings) {}
FaustCompiler::~FaustCompiler() = default;

IsolatedProcess& FaustCompiler::process() {
    if (!process_ || !process_->ready()) {
        IsolationSettings settings{.subject = "the Faust compiler",
                                   .output = settings_.output,
                                   .max_memory = settings_.max_memory,
                                   .load_timeout = default_load_timeout};
        settings.sandbox.writable = {folder_.path()};
        if (sandbox_available()) settings.sandbox.mode = SandboxMode::on;
        process_ = std::make_unique<IsolatedProcess>(settings, Record("{}"));
    }
    return *process_;
}

void FaustCompiler::clear_folder() {
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
        std::filesystem::remove_all(entry.path());
}

Record FaustCompiler::ask(std::string_view verb, const FaustSource& source,
                          const Record& question) {
    if (source.bytes.empty()) refuse_corrupt(source.path, "is empty");
    const auto form = faust_form(source.bytes);
    auto& compiler = process();
    clear_folder();
    std::filesystem::create_directory(folder_.path() + "/built");
    const auto file = folder_.path() + "/source" + suffix_of(form);
    write_whole_file(file, source.bytes);
    Record request(question);
    request.set("path", source.path);
    request.set("name", faust_safe_name(source.stem()) + ".dsp");
    request.set("file", file);
    request.set("folder", folder_.path() + "/built");
    request.set("working_folder",
                source.path == "-" ? working_folder() : parent_folder(source.path));
    request.set_json("options", json_list(source.options));
    if (!source.instruction_set.empty()) request.set("instruction_set", source.instruction_set);
    auto answer = compiler.ask(verb, request, settings_.timeout);
    if (answer.is_error()) throw error_of(answer);
    if (const auto refusal = answer.raw("refusal")) throw error_of(Record(*refusal));
    return answer;
}

Record FaustCompiler::describe() {
    auto answer = process().ask(describe_verb, Record("{}"), settings_.timeout);
    if (answer.is_error()) throw error_of(answer);
    return answer;
}

std::string FaustCompiler::sha(const FaustSource& source) {
    return ask(sha_verb, source).text("sha").value_or("");
}

std::vector<Record> FaustCompiler::explain(const FaustSource& source) {
    const auto answer = ask(explain_verb, source);
    const auto lines = json_elements(answer.raw("records").value_or("[]"));
    std::vector<Record> records;
    for (const auto& line : lines.value_or(std::vector<std::string>())) records.emplace_back(line);
    return records;
}

std::vector<std::string> FaustCompiler::build(const FaustSource& source,
                                              const BuildFormat& format) {
    Record question("{}");
    question.set("format", format.name);
    (void)ask(build_verb, source, question);
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path() + "/built")) {
        if (!entry.is_regular_file() || entry.is_symlink()) continue;
        if (paths.size() == most_built_files)
            throw Error(ErrorKind::unsupported, source.path,
                        "is built as more than " + std::to_string(most_built_files) + " files");
        paths.push_back(entry.path());
    }
    const auto main = "program" + std::string(format.suffix);
    std::sort(paths.begin(), paths.end(), [&](const std::string& one, const std::string& other) {
        return std::pair(file_name(one) != main, one) < std::pair(file_name(other) != main, other);
    });
    return paths;
}

}  // namespace patchpipe
