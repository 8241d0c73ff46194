// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "reload/held_notes.h"

#include <iterator>

namespace patchpipe {
namespace {

constexpr std::uint8_t note_off = 0x80, note_on = 0x90, key_pressure = 0xa0, control = 0xb0,
                       program = 0xc0, channel_pressure = 0xd0, bend = 0xe0, system = 0xf0;
constexpr std::uint8_t sustain_pedal = 64, all_sound_off = 120, reset_all = 121,
                       all_notes_off = 123;
constexpr std::uint8_t pedal_is_down = 64;

std::uint8_t status(std::uint8_t kind, int midi_channel) {
    return static_cast<std::uint8_t>(kind | midi_channel);
}

}  // namespace

void HeldNotes::take(std::span<const std::uint8_t> message) {
    if (message.size() < 2 || message[0] >= system) return;
    const int kind = message[0] & 0xf0, midi_channel = message[0] & 0x0f;
    const auto data = message[1];
    const bool ends =
        kind == note_off || (kind == note_on && message.size() > 2 && message[2] == 0);
    if (ends) return release(midi_channel, data);
    if (kind == note_on) {
        const Key key{message[0], data};
        if (const auto held = began_at_.find(key); held != began_at_.end())
            notes_.erase(held->second);
        began_at_[key] = next_;
        notes_[next_++] = {MidiBytes(message.begin(), message.end()), false};
        return;
    }
    if (kind == control) return take_control(message);
    set({message[0], kind == key_pressure ? data : std::uint8_t{0}}, message);
}

void HeldNotes::take_control(std::span<const std::uint8_t> message) {
    if (message.size() < 3) return;
    const int midi_channel = message[0] & 0x0f;
    const auto controller = message[1];
    if (controller == all_sound_off || controller >= all_notes_off) return end_notes(midi_channel);
    if (controller == reset_all) return reset_controllers(midi_channel);
    if (controller > all_sound_off) return;
    set({message[0], controller}, message);
    if (controller == sustain_pedal && message[2] < pedal_is_down) release_pedal(midi_channel);
}

bool HeldNotes::has_pedal(int midi_channel) const {
    const auto found = set_at_.find({status(control, midi_channel), sustain_pedal});
    return found != set_at_.end() && settings_.at(found->second)[2] >= pedal_is_down;
}

void HeldNotes::release(int midi_channel, std::uint8_t note) {
    const auto held = began_at_.find({status(note_on, midi_channel), note});
    if (held == began_at_.end()) return;
    if (has_pedal(midi_channel)) {
        notes_.at(held->second).released = true;
        return;
    }
    notes_.erase(held->second);
    began_at_.erase(held);
    forget({status(key_pressure, midi_channel), note});
}

void HeldNotes::release_pedal(int midi_channel) {
    for (auto held = began_at_.begin(); held != began_at_.end();) {
        const auto note = notes_.find(held->second);
        const bool ends = (held->first[0] & 0x0f) == midi_channel && note->second.released;
        if (ends) notes_.erase(note);
        held = ends ? began_at_.erase(held) : std::next(held);
    }
}

void HeldNotes::end_notes(int midi_channel) {
    std::erase_if(began_at_, [&](const auto& held) {
        const bool ends = (held.first[0] & 0x0f) == midi_channel;
        if (ends) notes_.erase(held.second);
        return ends;
    });
}

// What "reset all controllers" resets by the MIDI association's recommended practice RP-015.
void HeldNotes::reset_controllers(int midi_channel) {
    for (const std::uint8_t controller : {1, 11, 64, 65, 66, 67, 98, 99, 100, 101})
        forget({status(control, midi_channel), controller});
    forget({status(bend, midi_channel), 0});
    forget({status(channel_pressure, midi_channel), 0});
    for (int note = 0; note < 128; ++note)
        forget({status(key_pressure, midi_channel), static_cast<std::uint8_t>(note)});
    release_pedal(midi_channel);
}

void HeldNotes::set(const Key& key, std::span<const std::uint8_t> message) {
    forget(key);
    set_at_[key] = next_;
    settings_[next_++] = MidiBytes(message.begin(), message.end());
}

void HeldNotes::forget(const Key& key) {
    const auto found = set_at_.find(key);
    if (found == set_at_.end()) return;
    settings_.erase(found->second);
    set_at_.erase(found);
}

std::vector<MidiBytes> HeldNotes::replay() const {
    std::vector<MidiBytes> messages;
    for (const auto& [at, message] : settings_) messages.push_back(message);
    for (const auto& [at, note] : notes_) messages.push_back(note.on);
    for (const auto& [at, note] : notes_)
        if (note.released) messages.push_back({status(note_off, note.on[0] & 0x0f), note.on[1], 0});
    return messages;
}

std::vector<MidiBytes> HeldNotes::releases() const {
    std::vector<MidiBytes> messages;
    for (std::uint8_t midi_channel = 0; midi_channel < 16; ++midi_channel)
        if (has_pedal(midi_channel))
            messages.push_back({status(control, midi_channel), sustain_pedal, 0});
    for (const auto& [at, note] : notes_)
        messages.push_back({status(note_off, note.on[0] & 0x0f), note.on[1], 0});
    return messages;
}

}  // namespace patchpipe
