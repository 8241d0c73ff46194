// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// usage: midi-song FILE [SECONDS]...
// Prints what lib/midi reads from the file as JSON lines: one for each event, then one for the
// duration, then one for the playhead's position at each of SECONDS.

#include <iostream>

#include "base/json.h"
#include "base/number.h"
#include "cli/tool.h"
#include "midi/midi_file.h"
#include "record/settings.h"

using namespace patchpipe;

namespace {

void print_event(const MidiEvent& event) {
    std::cout << "{\"seconds\":" << json_number(event.seconds) << ",\"bytes\":[";
    for (std::size_t i = 0; i < event.bytes.size(); ++i)
        std::cout << (i > 0 ? "," : "") << int{event.bytes[i]};
    std::cout << "]}\n";
}

void print_position(const Position& position) {
    std::cout << "{\"ppq\":" << json_number(position.quarters)
              << ",\"bar_start_ppq\":" << json_number(position.bar_start_quarters)
              << ",\"bpm\":" << json_number(position.bpm) << ",\"numerator\":" << position.numerator
              << ",\"denominator\":" << position.denominator << "}\n";
}

ExitStatus run(int argc, char** argv) {
    const auto song = read_midi_file(argv[1]);
    for (const auto& event : song.events) print_event(event);
    std::cout << "{\"duration\":" << json_number(song.duration) << "}\n";
    for (int i = 2; i < argc; ++i)
        print_position(song.time_map.position_at(parse_number(argv[i]).value_or(0)));
    return ExitStatus::ok;
}

}  // namespace

int main(int argc, char** argv) {
    return run_tool("midi-song", [&] { return run(argc, argv); });
}
