// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Takes JSON as serum-unwrap --to json prints it, gives the Serum 2 preset or state that it
// describes.

#include <optional>
#include <string>

#include "cli/options.h"
#include "cli/tool.h"
#include "file/output.h"
#include "preset/juce_state.h"
#include "preset/serum_document.h"
#include "record/json.h"

using namespace patchpipe;

namespace {

struct Options {
    std::string file = "-", to = "preset";
    std::optional<std::string> output;
    SerumVersions versions;
};

Options parse_options(int argc, char** argv) {
    Options options;
    CommandLine line("serum-wrap", "[--to FORM] [-o OUT] [FILE]",
                     "Makes Serum 2 presets and states from the JSON of serum-unwrap.",
                     "serum-unwrap --to json a.SerumPreset | serum-wrap -o b.SerumPreset");
    line.choice("t,to", options.to, {"preset", "state", "component"},
                "what to make; default preset");
    line.text("o,output", "OUT", options.output, "the file to write; default standard output");
    line.text("product-version", "VERSION", options.versions.product,
              "the Serum of a state made from a preset; default its own");
    line.number("format-version", "NUMBER", options.versions.format, 0, 1e6,
                "the version of that state; default the preset's own");
    const auto operands = line.parse(argc, argv);
    if (operands.size() > 1) throw UsageError("takes one FILE, or JSON on standard input");
    if (!operands.empty()) options.file = operands.front();
    check_serum_versions(options.versions);
    return options;
}

std::string wrap(const Options& options, const SerumDocument& document, const std::string& name) {
    if (options.to == "preset") return build_serum_preset(document, name);
    auto component = build_serum_state(document, name, options.versions);
    if (options.to == "component") return component;
    return build_juce_state({std::move(component), document.controller});
}

ExitStatus run(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    refuse_terminal(options.output, "--to " + options.to);
    const auto name = input_name(options.file);
    const auto document =
        serum_document_from_json(read_input(options.file, largest_serum_json), name);
    write_output(options.output, wrap(options, document, name));
    return ExitStatus::ok;
}

}  // namespace

int main(int argc, char** argv) {
    return run_tool("serum-wrap", [&] { return run(argc, argv); });
}
