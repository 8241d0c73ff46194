// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// usage: preset-parser FILE...
//        preset-parser --same-class ID ID
// Prints what lib/preset reads from .fxp and .vstpreset files, a JSON line for each, with the bytes
// that it writes for the same content in hexadecimal; or an error record. With --same-class, prints
// whether two class ids of VST3 plug-ins are those of the same class.

#include <iostream>

#include "base/hex.h"
#include "base/json.h"
#include "cli/tool.h"
#include "file/read_file.h"
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

void print_vstpreset(Record& record, std::string_view bytes, const std::string& path) {
    const auto preset = parse_vstpreset(bytes, path);
    record.set("class_id", preset.class_id);
    set_bytes(record, "component", preset.component);
    set_bytes(record, "controller", preset.controller);
    set_bytes(record, "info", preset.info);
    set_bytes(record, "written", build_vstpreset(preset));
}

void print_file(const std::string& path) {
    Record record("{}");
    try {
        const auto bytes = read_file(path, largest_file);
        if (path.find(".vstpreset") != path.npos)
            print_vstpreset(record, bytes, path);
        else
            print_fxp(record, bytes, path);
    } catch (const Error& error) {
        record.set_error(error);
    }
    std::cout << record.line() << "\n";
}

ExitStatus run(int argc, char** argv) {
    const std::vector<std::string> operands(argv + 1, argv + argc);
    if (operands.size() == 3 && operands[0] == "--same-class")
        std::cout << json_flag(same_class_id(operands[1], operands[2])) << "\n";
    else
        for (const auto& path : operands) print_file(path);
    return ExitStatus::ok;
}

}  // namespace

int main(int argc, char** argv) {
    return run_tool("preset-parser", [&] { return run(argc, argv); });
}
