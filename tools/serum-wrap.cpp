// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Makes a Serum 2 preset, state or other file from the JSON that serum-unwrap --to json prints.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/utf8.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "file/output.h"
#include "preset/juce_state.h"
#include "serum/serum_document.h"
#include "serum/serum_edit.h"

using namespace patchpipe;

namespace {

struct Options {
    std::string file = "-", to = "preset";
    std::optional<std::string> output;
    std::vector<std::pair<std::string, std::string>> fields;  // of --set-metadata
    SerumVersions versions;
};

std::pair<std::string, std::string> parse_field(const std::string& text) {
    const auto equals = text.find('=');
    const auto key = text.substr(0, equals);
    if (equals == text.npos || key.empty() || !is_utf8(text))
        throw UsageError("--set-metadata: must be KEY=VALUE in UTF-8, is '" + text + "'");
    if (key == computed_serum_field)
        throw UsageError("--set-metadata: '" + key + "' is computed and cannot be set");
    return {key, text.substr(equals + 1)};
}

Options parse_options(int argc, char** argv) {
    Options options;
    std::vector<std::string> fields;
    CommandLine line("serum-wrap", "[--to FORM] [-o OUT] [FILE]",
                     "Makes Serum 2 presets and states from the JSON of serum-unwrap.",
                     "serum-unwrap --to json a.SerumPreset | serum-wrap -o b.SerumPreset");
    line.choice("t,to", options.to, {"preset", "state", "component"},
                "what to make; default preset");
    line.text("o,output", "OUT", options.output, "the file to write; default standard output");
    line.texts("set-metadata", "KEY=VALUE", fields, "set a field of the metadata, and of the data");
    line.text("product-version", "VERSION", options.versions.product,
              "the Serum of a state made from a preset; default its own");
    line.number("format-version", "NUMBER", options.versions.format, 0, 1e6,
                "the version of that state; default the preset's own");
    const auto operands = line.parse(argc, argv);
    if (operands.size() > 1) throw UsageError("takes one FILE, or JSON on standard input");
    if (!operands.empty()) options.file = operands.front();
    for (const auto& field : fields) options.fields.push_back(parse_field(field));
    check_serum_versions(options.versions);
    return options;
}

std::string wrap(const Options& options, const SerumDocument& document, const std::string& name) {
    if (options.to == "preset") return build_serum_file(document, name);
    auto component = build_serum_state(document, name, options.versions);
    if (options.to == "component") return component;
    return build_juce_state({std::move(component), document.controller});
}

ExitStatus run(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    refuse_terminal(options.output, "--to " + options.to);
    refuse_input_as_output(options.output, options.file);
    const auto name = input_name(options.file);
    auto document = serum_document_from_json(read_input(options.file, largest_serum_json), name);
    for (const auto& [key, value] : options.fields) set_serum_metadata(document, key, value, name);
    check_serum_agreement(document, name);
    write_output(options.output, wrap(options, document, name));
    return ExitStatus::ok;
}

}  // namespace

int main(int argc, char** argv) {
    return run_tool("serum-wrap", [&] { return run(argc, argv); });
}
