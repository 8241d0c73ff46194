// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// usage: parse KIND FILE
// Reads the file with one of the kit's parsers and prints only the number of items that it found,
// so that the parser's instructions can be counted. The kinds are in the table below.

#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "audio/audio_reader.h"
#include "cli/tool.h"
#include "file/read_file.h"
#include "juce/lv2_state.h"
#include "midi/midi_file.h"
#include "preset/fxp.h"
#include "preset/vstpreset.h"
#include "record/record.h"
#include "serum/cbor.h"
#include "serum/cbor_json.h"
#include "serum/serum_rules.h"

using namespace patchpipe;

namespace {

constexpr std::size_t largest_file = std::size_t{64} << 20;

std::size_t frames_of(const std::string& path) {
    AudioReader reader(path, Decoding::here);  // valgrind counts for this process
    std::vector<double> samples(static_cast<std::size_t>(4096 * reader.channels()));
    std::size_t frames = 0;
    while (const int got = reader.read(samples.data(), 4096))
        frames += static_cast<std::size_t>(got);
    return frames;
}

std::size_t json_size(const std::string& cbor) {
    std::size_t size = 0;
    check_cbor(cbor, "");
    cbor_to_json(cbor, [&](std::string_view part) { size += part.size(); });
    return size;
}

std::size_t turtle_size(const std::string& path) {
    const auto text = read_file(path, largest_file);
    check_lv2_state(text, path, "urn:synth");
    return text.size();
}

using Parser = std::function<std::size_t(const std::string& path)>;

const std::map<std::string, Parser> parsers = {
    {"record",
     [](const auto& path) { return Record(read_file(path, largest_file)).line().size(); }},
    {"fxp",
     [](const auto& path) {
         const auto fxp = parse_fxp(read_file(path, largest_file), path);
         return fxp.parameters.size() + fxp.state.size();
     }},
    {"vstpreset",
     [](const auto& path) {
         const auto preset = parse_vstpreset(read_file(path, largest_file), path);
         return preset.component.size() + preset.controller.value_or("").size();
     }},
    {"cbor-json", [](const auto& path) { return json_size(read_file(path, largest_file)); }},
    {"cbor-state",
     [](const auto& path) {
         return convert_serum_preset(read_file(path, largest_file), path).cbor.size();
     }},
    {"midi", [](const auto& path) { return read_midi_file(path).events.size(); }},
    {"turtle", turtle_size},
    {"audio", frames_of},
};

}  // namespace

int main(int, char** argv) {
    return run_tool("parse", [&] {
        std::cout << parsers.at(argv[1])(argv[2]) << "\n";
        return ExitStatus::ok;
    });
}
