// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "macro_voices.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace patchpipe {

namespace {

enum Macro { brightness, detune, level, attack, release, tremolo, sub, pan };

constexpr double init_amplitude = 0.25;
constexpr double shortest_ramp_seconds = 0.005;
constexpr double longest_extra_ramp_seconds = 0.5;

double sine(double turns) { return std::sin(2 * std::numbers::pi * turns); }

void advance(double& turns, double step) {
    turns += step;
    turns -= std::floor(turns);
}

double oscillator(double turns, double bright) {
    double value = sine(turns);
    if (bright > 0)
        for (int harmonic = 2; harmonic <= 6; ++harmonic)
            value += bright * sine(turns * harmonic) / harmonic;
    return value;
}

}  // namespace

void MacroVoices::reset(double sample_rate) {
    sample_rate_ = sample_rate;
    note_ons_ = 0;
    voices_.fill({});
    bends_.fill(0);
    volumes_.fill(1);
}

MacroVoices::Voice& MacroVoices::free_or_oldest() {
    const auto off = std::ranges::find(voices_, Stage::off, &Voice::stage);
    return off != voices_.end() ? *off : *std::ranges::min_element(voices_, {}, &Voice::started);
}

void MacroVoices::note_on(int midi_channel, int note, float velocity) {
    Voice& voice = free_or_oldest();
    voice = {};
    voice.stage = Stage::attack;
    voice.midi_channel = midi_channel;
    voice.note = note;
    voice.velocity = velocity;
    voice.started = ++note_ons_;
}

void MacroVoices::note_off(int midi_channel, int note) {
    for (Voice& voice : voices_)
        if (voice.stage != Stage::off && voice.midi_channel == midi_channel && voice.note == note)
            voice.stage = Stage::release;
}

void MacroVoices::end_all_notes(int midi_channel) {
    for (Voice& voice : voices_)
        if (voice.midi_channel == midi_channel) voice.stage = Stage::off;
}

void MacroVoices::render(const Macros& macros, float* left, float* right, int frames) {
    for (Voice& voice : voices_)
        if (voice.stage != Stage::off) render_voice(voice, macros, left, right, frames);
}

void MacroVoices::render_voice(Voice& voice, const Macros& macros, float* left, float* right,
                               int frames) {
    const double semitones = voice.note - 69 + bends_[voice.midi_channel];
    const double step = 440 * std::exp2(semitones / 12) / sample_rate_;
    const double detuned_step = step * std::exp2(macros[detune] * 0.5 / 12);
    const double gain = init_amplitude * std::pow(10, macros[level] * 12 / 20) * voice.velocity *
                        volumes_[voice.midi_channel];
    for (int frame = 0; frame < frames && voice.stage != Stage::off; ++frame) {
        double value = oscillator(voice.turns, macros[brightness]) / 2 +
                       oscillator(voice.detuned_turns, macros[brightness]) / 2 +
                       macros[sub] * sine(voice.sub_turns);
        value *= 1 - macros[tremolo] *
                         (0.5 - 0.5 * std::cos(2 * std::numbers::pi * voice.tremolo_turns));
        value *= gain * voice.envelope;
        left[frame] += static_cast<float>(value);
        right[frame] += static_cast<float>(value * (1 - 0.8 * macros[pan]));
        advance(voice.turns, step);
        advance(voice.detuned_turns, detuned_step);
        advance(voice.sub_turns, step / 2);
        advance(voice.tremolo_turns, 5 / sample_rate_);
        advance_envelope(voice, macros);
    }
}

void MacroVoices::advance_envelope(Voice& voice, const Macros& macros) const {
    const auto step = [&](float macro) {
        const double seconds = shortest_ramp_seconds + macro * longest_extra_ramp_seconds;
        return static_cast<float>(1 / (seconds * sample_rate_));
    };
    switch (voice.stage) {
        case Stage::attack:
            voice.envelope = std::min(1.0F, voice.envelope + step(macros[attack]));
            if (voice.envelope == 1) voice.stage = Stage::held;
            break;
        case Stage::release:
            voice.envelope = std::max(0.0F, voice.envelope - step(macros[release]));
            if (voice.envelope == 0) voice.stage = Stage::off;
            break;
        case Stage::held:
        case Stage::off:
            break;
    }
}

}  // namespace patchpipe
