// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What of the MIDI messages so far still counts: the notes that are held, by keys or by the sustain
// pedal, and what the controllers, the program, the bend and the pressures are set to. A synth that
// has heard nothing yet goes on after hearing them. System exclusive messages are not kept.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace patchpipe {

using MidiBytes = std::vector<std::uint8_t>;

class HeldNotes {
 public:
    /// A message that is played.
    void take(std::span<const std::uint8_t> message);

    /// The messages that lead to the same: first programs and controllers in the order in which
    /// they were set last, since banks and registered parameters depend on it, then the notes in
    /// the order of their beginnings.
    [[nodiscard]] std::vector<MidiBytes> replay() const;

    /// The messages that end all notes.
    [[nodiscard]] std::vector<MidiBytes> releases() const;

    /// How many notes sound, as far as one can know.
    [[nodiscard]] std::size_t notes() const { return notes_.size(); }

 private:
    struct Note {
        MidiBytes on;
        bool released;  // held by the pedal
    };
    // The first byte, and behind it the note or the controller where there is one.
    using Key = std::array<std::uint8_t, 2>;

    void take_control(std::span<const std::uint8_t> message);
    void release(int midi_channel, std::uint8_t note);
    void release_pedal(int midi_channel);
    void end_notes(int midi_channel);
    void reset_controllers(int midi_channel);
    void set(const Key& key, std::span<const std::uint8_t> message);
    void forget(const Key& key);
    [[nodiscard]] bool has_pedal(int midi_channel) const;

    std::uint64_t next_ = 0;
    std::map<std::uint64_t, MidiBytes> settings_;  // by the time when they were set
    std::map<Key, std::uint64_t> set_at_;
    std::map<std::uint64_t, Note> notes_;  // by their beginnings
    std::map<Key, std::uint64_t> began_at_;
};

}  // namespace patchpipe
