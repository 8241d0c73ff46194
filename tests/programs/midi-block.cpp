// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// usage: midi-block NOTES BYTES
// Puts NOTES note-ons at frame 0 of a block, and a system-exclusive message of BYTES bytes at frame
// 7. Prints what JUCE then finds in the block: the number of notes, and the last message's frame,
// size and last byte.

#include <iostream>
#include <string>
#include <vector>

#include "cli/tool.h"
#include "juce/midi_block.h"

using namespace patchpipe;

namespace {

ExitStatus run(char** argv) {
    const std::vector<std::uint8_t> note = {0x90, 60, 100};
    std::vector<std::uint8_t> sysex(std::stoul(argv[2]), 1);
    sysex.front() = 0xf0;
    sysex.back() = 0xf7;
    std::vector<BlockEvent> events(std::stoul(argv[1]), {0, note});
    events.push_back({7, sysex});
    juce::MidiBuffer midi;
    append_events(events, midi);
    int notes = 0;
    juce::MidiMessageMetadata last;
    for (const auto event : midi) {
        notes += event.numBytes == 3 && event.samplePosition == 0 && event.data[0] == 0x90;
        last = event;
    }
    std::cout << notes << " " << last.samplePosition << " " << last.numBytes << " "
              << int{last.data[last.numBytes - 1]} << "\n";
    return ExitStatus::ok;
}

}  // namespace

int main(int, char** argv) {
    return run_tool("midi-block", [&] { return run(argv); });
}
