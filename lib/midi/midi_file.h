// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Standard MIDI files of types 0 and 1 as one list of events in seconds. Not here: playing them.
// The format is the MIDI Manufacturers Association's "Standard MIDI Files 1.0" (RP-001).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "midi/time_map.h"

namespace patchpipe {

/// One channel message (running status resolved) or one whole system-exclusive message, F0 to F7.
struct MidiEvent {
    double seconds;
    std::vector<std::uint8_t> bytes;
};

/// A file's tracks merged. Events at the same time keep the file's order, the tracks one after the
/// other, but a note-off (a note-on with velocity 0 is one too) that ends a note begun earlier
/// comes before the note-ons. Meta events are in the time map or dropped.
struct MidiSong {
    std::vector<MidiEvent> events;
    double duration = 0;  // seconds to the last event of any track, its end of track included
    TimeMap time_map;
};

/// A larger file is refused, and so is one with more events than that: an event takes many times
/// its bytes in memory.
inline constexpr std::size_t largest_midi_file = std::size_t{64} << 20;
inline constexpr std::size_t most_midi_events = 4'000'000;

/// Throws Error not-found and io for the file itself, corrupt for a file that is cut short or
/// damaged, unsupported for type 2 and too many events. A frame rate of 29 in an SMPTE division is
/// 30000/1001.
[[nodiscard]] MidiSong read_midi_file(const std::string& path);

/// The same of its bytes; path is for messages.
[[nodiscard]] MidiSong parse_midi_file(std::string_view bytes, const std::string& path);

/// read_midi_file(path).duration without the events. Throws the same.
[[nodiscard]] double midi_duration(const std::string& path);

}  // namespace patchpipe
