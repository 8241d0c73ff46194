// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Writes each record once for every note and velocity, and sets render settings.

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "audio/audio_format.h"
#include "base/json.h"
#include "base/words.h"
#include "cli/number_list.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "record/filter.h"
#include "record/settings.h"

using namespace patchpipe;

namespace {

struct Options {
    std::vector<std::string> notes, velocities;  // JSON texts; an empty one leaves the field alone
    std::map<std::string, std::string> fields;   // key to JSON text
    bool sets_audio = false;                     // some of them say what file it is to be
};

// "tail=2" checked against the table of settings.
std::pair<std::string, std::string> parse_setting(const std::string& text) {
    const auto equals = text.find('=');
    const auto key = text.substr(0, equals);
    std::vector<std::string_view> known;
    for (const auto& setting : settings()) {
        if (equals != text.npos && setting.key == key)
            return {key, setting_json(setting, text.substr(equals + 1))};
        known.push_back(setting.key);
    }
    if (equals == text.npos)
        throw UsageError("--set: '" + text + "' has no '='; write --set tail=2");
    throw UsageError("--set: no setting '" + key + "'; there are: " + joined(known, " "));
}

// The list as JSON texts. A key has one source, so it must not be set besides.
std::vector<std::string> parse_axis(const std::optional<std::string>& list, const std::string& key,
                                    const std::map<std::string, std::string>& fields) {
    if (!list) return {""};
    if (fields.contains(key)) throw UsageError("--" + key + " and --set " + key + ": give one");
    const auto min = static_cast<int>(setting(key).min), max = static_cast<int>(setting(key).max);
    std::vector<std::string> texts;
    for (const int number : parse_number_list("--" + key, *list, min, max))
        texts.push_back(json_number(std::int64_t{number}));
    return texts;
}

// What no audio file can be is refused before the first record.
void check_audio(const Record& record) {
    AudioFormat format{.container = container_named(text_setting(record, "format")),
                       .depth = depth_named(text_setting(record, "bit_depth")),
                       .sample_rate = static_cast<int>(number_setting(record, "sample_rate"))};
    if (record.number("quality")) format.quality = number_setting(record, "quality");
    if (record.number("bitrate"))
        format.bitrate = static_cast<int>(number_setting(record, "bitrate"));
    check_container(format);
}

void check_audio(const std::map<std::string, std::string>& fields) try {
    Record record("{}");
    for (const auto& [key, json] : fields) record.set_json(key, json);
    check_audio(record);
} catch (const Error& error) {
    throw UsageError(error.what());
}

bool sets_audio(const std::map<std::string, std::string>& fields) {
    constexpr std::string_view keys[] = {"format", "bit_depth", "sample_rate", "quality",
                                         "bitrate"};
    return std::any_of(std::begin(keys), std::end(keys),
                       [&](auto key) { return fields.contains(std::string(key)); });
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
    for (const auto& set : sets) {
        const auto [field, is_new] = options.fields.insert(parse_setting(set));
        if (!is_new) throw UsageError("--set: " + field->first + " is set twice; give it once");
    }
    check_audio(options.fields);
    options.notes = parse_axis(notes, "note", options.fields);
    options.sets_audio = sets_audio(options.fields);
    options.velocities = parse_axis(velocities, "velocity", options.fields);
    return options;
}

void multiply(const Options& options, Record& record, RecordWriter& out) {
    for (const auto& [key, json] : options.fields) record.set_json(key, json);
    if (options.sets_audio) check_audio(record);
    // A MIDI file brings its own notes and velocities: one job, whatever the grid.
    if (record.text("midi_path")) return out.write(record);
    const auto output = record.text("output_path").value_or("/dev/null");
    if (options.notes.size() * options.velocities.size() > 1 && output != "/dev/null")
        throw Error(ErrorKind::bad_record, "output_path",
                    "is there already, and all notes and velocities would be written to it; put "
                    "job-grid before assign-paths");
    for (const auto& note : options.notes) {
        if (!note.empty()) record.set_json("note", note);
        for (const auto& velocity : options.velocities) {
            if (!velocity.empty()) record.set_json("velocity", velocity);
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
