// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: a MIDI file. Its events are in order, complete, and at finite times; its length is the
// same with and without them, and the playhead's position is valid.

#include <cmath>

#include "fuzz/fuzz.h"
#include "midi/midi_file.h"
#include "render/score.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

namespace {

void check_events(const MidiSong& song) {
    double before = 0;
    for (const auto& event : song.events) {
        expect(event.seconds >= before, "events are in order of time");
        expect(!event.bytes.empty() && event.bytes[0] >= 0x80, "an event begins with its status");
        before = event.seconds;
    }
    expect(std::isfinite(song.duration) && song.duration >= before, "the song ends after them");
}

void check_positions(const MidiSong& song) {
    for (const double seconds : {0.0, 0.5, song.duration / 2, song.duration}) {
        const auto position = song.time_map.position_at(seconds);
        expect(std::isfinite(position.quarters) && std::isfinite(position.bar_start_quarters),
               "positions");
        expect(position.bpm > 0 && std::isfinite(position.bpm), "there is always a tempo");
        expect(position.numerator > 0 && position.denominator > 0, "there is always a signature");
    }
}

void check_score(const MidiSong& song) {
    constexpr int sample_rate = 44100;
    const auto score = song_score(song, std::min(song.duration, 86400.0), 1, sample_rate);
    std::int64_t before = 0;
    for (const auto& event : score.events) {
        expect(event.frame >= before && event.frame <= score.frames, "events lie in the render");
        before = event.frame;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Limits limits(size);
    const MemoryFile file(as_text(data, size));
    double duration = 0;
    const bool has_length = accepted([&] { duration = midi_duration(file.path()); });
    MidiSong song;
    const bool is_song = accepted([&] { song = read_midi_file(file.path()); });
    expect(is_song == has_length, "a file that has a length can be played");
    if (!is_song) return 0;
    expect(song.duration == duration, "the length is that of the song");
    for (const auto& event : song.events) limits.made(sizeof event + event.bytes.size());
    check_events(song);
    check_positions(song);
    check_score(song);
    return 0;
}
