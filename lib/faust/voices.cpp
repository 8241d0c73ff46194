// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/voices.h"

#include <algorithm>
#include <cmath>

namespace patchpipe {
namespace {

constexpr double inaudible = 1e-5;
constexpr double quiet_seconds = 0.5, fade_seconds = 0.005;
constexpr int most_spare = 4;
constexpr double concert_pitch = 440, concert_key = 69, keys_per_octave = 12;

bool ends_in(const FaustItem& item, std::string_view name) {
    const auto& address = item.address;
    return address.size() > name.size() && address.ends_with(name) &&
           address[address.size() - name.size() - 1] == '/';
}

std::int64_t frames_in(double seconds, int sample_rate) {
    return std::max<std::int64_t>(1, std::llround(seconds * sample_rate));
}

}  // namespace

FaustVoices::NoteControls FaustVoices::note_controls(
    const std::vector<const FaustItem*>& controls) {
    NoteControls found;
    const std::pair<std::string_view, std::vector<std::size_t>*> names[] = {
        {"freq", &found.frequencies},    {"key", &found.keys},
        {"gain", &found.gains},          {"vel", &found.velocities},
        {"velocity", &found.velocities}, {"gate", &found.gates}};
    for (std::size_t i = 0; i < controls.size(); ++i)
        for (const auto& [name, list] : names)
            if (ends_in(*controls[i], name)) list->push_back(i);
    return found;
}

FaustVoices::FaustVoices(const FaustProgram& program, int voices, const BlockSettings& settings)
    : voices_(voices),
      quiet_frames_(frames_in(quiet_seconds, settings.sample_rate)),
      fade_frames_(frames_in(fade_seconds, settings.sample_rate)),
      scratch_(faust_channels(program.is_double(), 0, 0)) {
    slots_.resize(static_cast<std::size_t>(voices + std::min(voices, most_spare)));
    for (auto& slot : slots_)
        slot.instance = std::make_unique<FaustInstance>(
            program, settings.sample_rate, settings.block_size, &slot == &slots_.front());
    note_controls_ = note_controls(model().controls());
    for (std::size_t i = 0; i < model().controls().size(); ++i) values_.push_back(model().value(i));
    scratch_ = faust_channels(program.is_double(), static_cast<std::size_t>(model().outputs()),
                              settings.block_size);
}

std::vector<const FaustItem*> FaustVoices::all_leaves() const {
    std::vector<const FaustItem*> all;
    for (const auto& slot : slots_) {
        const auto leaves = leaves_of(slot.instance->interface());
        all.insert(all.end(), leaves.begin(), leaves.end());
    }
    return all;
}

// Counted for what notes and pedals do, which is in the same order at every block size.
void FaustVoices::change(Slot& slot, State state) {
    slot.state = state;
    slot.since = ++changes_;
}

// Of those in that state the one that came into it first; null if there is none.
FaustVoices::Slot* FaustVoices::first_in(State state) {
    Slot* first = nullptr;
    for (auto& slot : slots_)
        if (slot.state == state && (!first || slot.since < first->since)) first = &slot;
    return first;
}

int FaustVoices::sounding() const {
    return static_cast<int>(std::count_if(slots_.begin(), slots_.end(), [](const Slot& slot) {
        return slot.state != State::idle && slot.state != State::fading;
    }));
}

void FaustVoices::steal() {
    auto* slot = first_in(State::released);
    if (!slot) {
        auto* held = first_in(State::held);
        auto* sustained = first_in(State::sustained);
        slot = !held || (sustained && sustained->begun < held->begun) ? sustained : held;
    }
    change(*slot, State::fading);
    slot->to_fade = fade_frames_;
}

FaustVoices::Slot& FaustVoices::free_slot() {
    if (sounding() == voices_) steal();
    const auto idle = std::find_if(slots_.begin(), slots_.end(),
                                   [](const Slot& slot) { return slot.state == State::idle; });
    return idle != slots_.end() ? *idle : *first_in(State::fading);
}

void FaustVoices::start(Slot& slot, int velocity) {
    constexpr double full = 127;
    auto& instance = *slot.instance;
    instance.clear();
    for (std::size_t i = 0; i < values_.size(); ++i) {
        const auto own = channel_values_.find({slot.channel, i});
        instance.set(i, own == channel_values_.end() ? values_[i] : own->second);
    }
    const auto set_all = [&](const std::vector<std::size_t>& controls, double value) {
        for (const auto control : controls) instance.set(control, value);
    };
    set_all(note_controls_.frequencies,
            concert_pitch * std::exp2((slot.note - concert_key) / keys_per_octave));
    set_all(note_controls_.keys, slot.note);
    set_all(note_controls_.gains, velocity / full);
    set_all(note_controls_.velocities, velocity);
    set_all(note_controls_.gates, 1);
}

void FaustVoices::note_on(int channel, int note, int velocity) {
    for (auto& slot : slots_)
        if ((slot.state == State::held || slot.state == State::sustained) &&
            slot.channel == channel && slot.note == note)
            release(slot);
    auto& slot = free_slot();
    slot.channel = channel;
    slot.note = note;
    change(slot, State::held);
    slot.begun = slot.since;
    start(slot, velocity);
}

void FaustVoices::release(Slot& slot) {
    for (const auto gate : note_controls_.gates) slot.instance->set(gate, 0);
    slot.quiet = 0;
    change(slot, State::released);
}

void FaustVoices::note_off(int channel, int note) {
    const bool pedal = (pedals_ >> channel & 1) != 0;
    for (auto& slot : slots_) {
        if (slot.state != State::held || slot.channel != channel || slot.note != note) continue;
        if (pedal)
            change(slot, State::sustained);
        else
            release(slot);
    }
}

void FaustVoices::set_pedal(int channel, bool down) {
    const auto bit = static_cast<std::uint16_t>(1 << channel);
    pedals_ = static_cast<std::uint16_t>(down ? pedals_ | bit : pedals_ & ~bit);
    if (down) return;
    for (auto& slot : slots_)
        if (slot.state == State::sustained && slot.channel == channel) release(slot);
}

void FaustVoices::release_all(int channel) {
    for (auto& slot : slots_)
        if ((slot.state == State::held || slot.state == State::sustained) &&
            slot.channel == channel)
            release(slot);
}

void FaustVoices::silence(int channel) {
    for (auto& slot : slots_)
        if (slot.channel == channel) slot.state = State::idle;
}

void FaustVoices::reset() {
    for (auto& slot : slots_) {
        slot.state = State::idle;
        slot.since = 0;
        slot.instance->clear();
    }
    channel_values_.clear();
    pedals_ = 0;
    changes_ = 0;
}

void FaustVoices::set(std::size_t control, double value) {
    values_.at(control) = value;
    std::erase_if(channel_values_, [&](const auto& own) { return own.first.second == control; });
    for (auto& slot : slots_) slot.instance->set(control, value);
}

void FaustVoices::set_on_channel(int channel, std::size_t control, double value) {
    channel_values_[{channel, control}] = value;
    for (auto& slot : slots_)
        if (slot.state != State::idle && slot.channel == channel)
            slot.instance->set(control, value);
}

double FaustVoices::shown(std::size_t bargraph) const {
    const Slot* last = nullptr;
    for (const auto& slot : slots_)
        if (slot.state != State::idle && (!last || slot.begun > last->begun)) last = &slot;
    return last ? last->instance->shown(bargraph) : model().bargraphs().at(bargraph)->min;
}

// Counts the quiet frames of a released voice; fewer than `frames` if it ends in these.
template <typename Sample>
int FaustVoices::frames_until_end(Slot& slot, int frames) const {
    if (slot.state != State::released) return frames;
    const auto& voice = std::get<FaustChannels<Sample>>(scratch_).samples;
    for (int i = 0; i < frames; ++i) {
        const bool quiet = std::all_of(voice.begin(), voice.end(), [&](const auto& channel) {
            return std::abs(channel[static_cast<std::size_t>(i)]) < static_cast<Sample>(inaudible);
        });
        slot.quiet = quiet ? slot.quiet + 1 : 0;
        if (slot.quiet == quiet_frames_) return i;
    }
    return frames;
}

template <typename Sample>
void FaustVoices::add(Slot& slot, int frames, const std::vector<Sample*>& outputs) {
    auto& voice = std::get<FaustChannels<Sample>>(scratch_).samples;
    if (slot.state == State::fading) {
        frames = static_cast<int>(std::min<std::int64_t>(frames, slot.to_fade));
        for (auto& channel : voice)
            for (int i = 0; i < frames; ++i)
                channel[static_cast<std::size_t>(i)] *=
                    static_cast<Sample>(slot.to_fade - i) / static_cast<Sample>(fade_frames_ + 1);
        slot.to_fade -= frames;
    }
    for (std::size_t channel = 0; channel < voice.size(); ++channel)
        for (int i = 0; i < frames; ++i)
            outputs[channel][i] += voice[channel][static_cast<std::size_t>(i)];
}

template <typename Sample>
void FaustVoices::compute(int frames, const Sample* const* inputs,
                          const std::vector<Sample*>& outputs) {
    auto& voice = std::get<FaustChannels<Sample>>(scratch_).pointers;
    for (auto* output : outputs) std::fill_n(output, frames, Sample{0});
    for (auto& slot : slots_) {
        if (slot.state == State::idle) continue;
        slot.instance->compute(frames, inputs, voice.data());
        const int heard = frames_until_end<Sample>(slot, frames);
        add(slot, heard, outputs);
        if (heard < frames || (slot.state == State::fading && slot.to_fade == 0))
            slot.state = State::idle;
    }
}

template void FaustVoices::compute(int, const float* const*, const std::vector<float*>&);
template void FaustVoices::compute(int, const double* const*, const std::vector<double*>&);

}  // namespace patchpipe
