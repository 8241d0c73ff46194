// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Takes records, gives each one once for every note and velocity, with render settings set.

#include <string>
#include <utility>
#include <vector>

#include "cli/number_list.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "record/filter.h"
#include "record/json.h"
#include "record/settings.h"

using namespace patchpipe;

namespace {

struct Options {
    std::vector<int> notes, velocities;
    std::vector<std::pair<std::string, std::string>> fields;  // key, JSON text
};

// "tail=2" checked against the table of settings.
std::pair<std::string, std::string> parse_setting(const std::string& text) {
    const auto equals = text.find('=');
    const auto key = text.substr(0, equals);
    std::string known;
    for (const auto& setting : settings()) {
        if (equals != text.npos && setting.key == key)
            return {key, setting_json(setting, text.substr(equals + 1))};
        known += " " + std::string(setting.key);
    }
    if (equals == text.npos)
        throw UsageError("--set: '" + text + "' has no '='; write --set tail=2");
    throw UsageError("--set: no setting '" + key + "'; there are:" + known);
}

Options parse_options(int argc, char** argv) {
    std::optional<std::string> notes, velocities;
    std::vector<std::string> sets;
    CommandLine line("job-grid", "[--note LIST] [--velocity LIST] [--set KEY=VALUE]...",
                     "Multiplies records by notes and velocities and sets render settings.",
                     "preset-scan presets | job-grid --note 36-84:12 --velocity 64,127");
    line.text("n,note", "LIST", notes, "note numbers, 0 to 127: 60 or 36-84:12,90");
    line.text("v,velocity", "LIST", velocities, "velocities, 1 to 127");
    line.texts("s,set", "KEY=VALUE", sets, "set a render setting: tail=2, bit_depth=24, ...");
    if (!line.parse(argc, argv).empty())
        throw UsageError("takes no operands; it reads records from standard input");

    Options options;
    if (notes) options.notes = parse_number_list("--note", *notes, 0, 127);
    if (velocities) options.velocities = parse_number_list("--velocity", *velocities, 1, 127);
    for (const auto& set : sets) options.fields.push_back(parse_setting(set));
    return options;
}

// The numbers as JSON, or one empty text that leaves the record's own field alone.
std::vector<std::string> axis(const std::vector<int>& numbers) {
    if (numbers.empty()) return {""};
    std::vector<std::string> texts;
    for (const int number : numbers) texts.push_back(json_number(std::int64_t{number}));
    return texts;
}

void multiply(const Options& options, Record& record, RecordWriter& out) {
    for (const auto& [key, json] : options.fields) record.set(key, json);
    // A MIDI file brings its own notes and velocities: one job, whatever the grid.
    if (record.text("midi_path")) return out.write(record);
    for (const auto& note : axis(options.notes)) {
        if (!note.empty()) record.set("note", note);
        for (const auto& velocity : axis(options.velocities)) {
            if (!velocity.empty()) record.set("velocity", velocity);
            out.write(record);
        }
    }
}

ExitStatus run(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    return filter([&](Record& record, RecordWriter& out) { multiply(options, record, out); });
}

}  // namespace

int main(int argc, char** argv) {
    return run_tool("job-grid", [&] { return run(argc, argv); });
}
