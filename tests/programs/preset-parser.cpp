// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// usage: preset-parser FILE...
//        preset-parser --bank FILE...
//        preset-parser --program-named NAME FILE
//        preset-parser --same-class ID ID
// Prints what lib/preset reads from .fxp and .vstpreset files, or from .fxb files with --bank, a
// JSON line for each, with the bytes that it writes for the same content in hexadecimal; or an
// error record. With --program-named, prints the number of that program in a bank. With
// --same-class, prints whether two class ids of VST3 plug-ins are those of the same class.

#include <functional>
#include <iostream>

#include "base/hex.h"
#include "base/json.h"
#include "cli/tool.h"
#include "file/read_file.h"
#include "preset/fxb.h"
#include "preset/fxp.h"
#include "preset/vstpreset.h"
#include "record/record.h"

using namespace patchpipe;

namespace {

constexpr std::size_t largest_file = 1 << 20;

void set_bytes(Record& record, std::string_view key, std::string_view bytes) {
    record.set(key, to_hex(bytes));
}

void print_fxp(Record& record, std::string_view bytes, const std::string& path) {
    const auto fxp = parse_fxp(bytes, path);
    std::string parameters;
    for (const float value : fxp.parameters)
        parameters += (parameters.empty() ? "" : ",") + json_number(double{value});
    record.set("program_name", fxp.header.program_name);
    record.set("plugin", show_plugin_id(fxp.header.plugin_id));
    record.set("plugin_version", fxp.header.plugin_version);
    record.set("count", fxp.header.count);
    record.set_json("parameters", "[" + parameters + "]");
    set_bytes(record, "state", fxp.state);
    set_bytes(record, "written", build_fxp(fxp));
}

void print_bank(Record& record, std::string_view bytes, const std::string& path) {
    const auto bank = parse_fxb(bytes, path);
    record.set("plugin", show_plugin_id(bank.header.plugin_id));
    record.set("count", bank.header.count);
    if (bank.current_program) record.set("current_program", *bank.current_program);
    std::string names, programs;
    for (std::size_t i = 0; i < bank.programs.size(); ++i) {
        const auto* comma = i == 0 ? "" : ",";
        names += comma + json_text(bank_program_name(bank, i));
        programs += comma + json_text(to_hex(bank.programs[i]));
    }
    record.set_json("names", "[" + names + "]");
    record.set_json("programs", "[" + programs + "]");
    set_bytes(record, "state", bank.state);
    set_bytes(record, "rest", bank.rest);
    set_bytes(record, "written", build_fxb(bank));
}

void print_program_number(Record& record, const std::string& program, std::string_view bytes,
                          const std::string& path) {
    const auto bank = parse_fxb(bytes, path);
    const auto number = bank_program_named(bank, program, path);
    record.set("program", number);
    record.set("bytes", bank_program(bank, static_cast<std::int64_t>(number), path).size());
}

void print_vstpreset(Record& record, std::string_view bytes, const std::string& path) {
    const auto preset = parse_vstpreset(bytes, path);
    record.set("class_id", preset.class_id);
    set_bytes(record, "component", preset.component);
    set_bytes(record, "controller", preset.controller.value_or(""));
    set_bytes(record, "info", preset.info.value_or(""));
    set_bytes(record, "written", build_vstpreset(preset));
}

using Print = std::function<void(Record& record, std::string_view bytes, const std::string& path)>;

void print_preset(Record& record, std::string_view bytes, const std::string& path) {
    if (path.find(".vstpreset") != path.npos)
        print_vstpreset(record, bytes, path);
    else
        print_fxp(record, bytes, path);
}

void print_file(const Print& print, const std::string& path) {
    Record record("{}");
    try {
        print(record, read_file(path, largest_file), path);
    } catch (const Error& error) {
        record.set_error(error);
    }
    std::cout << record.line() << "\n";
}

ExitStatus run(int argc, char** argv) {
    std::vector<std::string> operands(argv + 1, argv + argc);
    Print print = print_preset;
    if (operands.size() == 3 && operands[0] == "--same-class") {
        std::cout << json_flag(same_class_id(operands[1], operands[2])) << "\n";
        return ExitStatus::ok;
    }
    if (!operands.empty() && operands[0] == "--bank") {
        print = print_bank;
        operands.erase(operands.begin());
    } else if (operands.size() == 3 && operands[0] == "--program-named") {
        print = [name = operands[1]](Record& record, std::string_view bytes,
                                     const std::string& path) {
            print_program_number(record, name, bytes, path);
        };
        operands.erase(operands.begin(), operands.begin() + 2);
    }
    for (const auto& path : operands) print_file(print, path);
    return ExitStatus::ok;
}

}  // namespace

int main(int argc, char** argv) {
    return run_tool("preset-parser", [&] { return run(argc, argv); });
}
