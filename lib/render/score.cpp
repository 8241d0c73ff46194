// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "render/score.h"

#include <algorithm>
#include <map>
#include <set>

namespace patchpipe {
namespace {

using Byte = std::uint8_t;

constexpr Byte note_off = 0x80, note_on = 0x90, control_change = 0xb0;
constexpr Byte sustain = 64, sostenuto = 66, hold_2 = 69, all_sound_off = 120, all_notes_off = 123;

// True for the pedals that keep a note sounding after its note-off.
bool holds_notes(Byte controller) {
    return controller == sustain || controller == sostenuto || controller == hold_2;
}

ScoreEvent on(std::int64_t frame, int number, int velocity) {
    return {frame, {note_on, static_cast<Byte>(number), static_cast<Byte>(velocity)}};
}

ScoreEvent off(std::int64_t frame, int number) {
    return {frame, {note_off, static_cast<Byte>(number), 0}};
}

// Tracks the notes and pedals that a song holds down. A note that was begun twice needs two
// note-offs, because some instruments sound it twice.
class Held {
 public:
    void follow(const ScoreEvent& event) {
        if (event.bytes.size() < 3) return;
        const Byte kind = event.bytes[0] & 0xf0, midi_channel = event.bytes[0] & 0x0f;
        const Byte number = event.bytes[1], value = event.bytes[2];
        if (kind == note_on && value > 0)
            ++notes_[{midi_channel, number}];
        else if (kind == note_on || kind == note_off)
            end_note({midi_channel, number});
        else if (kind == control_change && holds_notes(number))
            move_pedal({midi_channel, number}, value >= 64);
    }

    void release(std::int64_t frame, std::vector<ScoreEvent>& events) const {
        for (const auto& [key, count] : notes_)
            events.insert(events.end(), static_cast<std::size_t>(count),
                          {frame, {static_cast<Byte>(note_off | key.first), key.second, 0}});
        for (const auto& [midi_channel, number] : pedals_)
            events.push_back(
                {frame, {static_cast<Byte>(control_change | midi_channel), number, 0}});
    }

 private:
    using Key = std::pair<Byte, Byte>;  // the MIDI channel and the number on it

    void end_note(Key key) {
        const auto note = notes_.find(key);
        if (note != notes_.end() && --note->second == 0) notes_.erase(note);
    }

    void move_pedal(Key key, bool down) {
        if (down)
            pedals_.insert(key);
        else
            pedals_.erase(key);
    }

    std::map<Key, int> notes_;
    std::set<Key> pedals_;
};

}  // namespace

TimeMap steady_time(double bpm, int numerator, int denominator) {
    return {.tempos = {{.bpm = bpm}},
            .signatures = {{.numerator = numerator, .denominator = denominator}}};
}

Score note_score(const Note& note, double tail, int sample_rate) {
    return {.events = {on(0, note.number, note.velocity),
                       off(frame_at(note.duration, sample_rate), note.number)},
            .frames = frame_at(note.duration + tail, sample_rate),
            .time_map = {}};
}

Score song_score(const MidiSong& song, double duration, double tail, int sample_rate) {
    Score score;
    score.frames = frame_at(duration + tail, sample_rate);
    score.time_map = song.time_map;
    const auto end = frame_at(duration, sample_rate);
    Held held;
    for (const auto& event : song.events) {
        const auto frame = frame_at(event.seconds, sample_rate);
        if (frame > end) break;
        score.events.push_back({frame, event.bytes});
        held.follow(score.events.back());
    }
    held.release(end, score.events);
    return score;
}

Score probe_score(int sample_rate) {
    const auto at = [&](double seconds) { return frame_at(seconds, sample_rate); };
    return {.events = {on(0, 48, 100), on(at(0.1), 67, 127), off(at(0.2), 48), off(at(0.3), 67)},
            .frames = at(0.5),
            .time_map = {}};
}

Score silencing_score() {
    Score score;
    for (Byte midi_channel = 0; midi_channel < 16; ++midi_channel)
        for (const Byte number : {all_notes_off, all_sound_off})
            score.events.push_back(
                {0, {static_cast<Byte>(control_change | midi_channel), number, 0}});
    score.frames = 16;
    return score;
}

}  // namespace patchpipe
