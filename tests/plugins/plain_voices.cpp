// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain_voices.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace patchpipe {

void PlainVoices::reset() {
    voices_.clear();
    controllers_.fill({});
}

void PlainVoices::render(const std::vector<PlainEvent>& events, double level, double transposition,
                         float* left, float* right, int frames) {
    if (frames <= 0) return;
    std::fill_n(left, frames, 0.0F);
    std::fill_n(right, frames, 0.0F);
    int rendered = 0;
    for (const PlainEvent& event : events) {
        const int frame = std::clamp(event.frame, rendered, frames - 1);
        render_span(level, transposition, left, right, rendered, frame);
        handle(event, left, right, frame);
        rendered = frame;
    }
    render_span(level, transposition, left, right, rendered, frames);
}

void PlainVoices::handle(const PlainEvent& event, float* left, float* right, int frame) {
    const auto [status, first, second] = event.bytes;
    const int midi_channel = status & 0x0f;
    switch (status & 0xf0) {
        case 0x80:
            note_off(midi_channel, first);
            break;
        case 0x90:
            note_on(midi_channel, first, second);
            break;
        case 0xb0:
            control_change(midi_channel, first, second);
            break;
        case 0xd0:
            controllers_[midi_channel].pressure = first / 127.0;
            break;
        case 0xe0:
            controllers_[midi_channel].bend = ((second << 7 | first) - 8192) / 8192.0 * 2;
            break;
        case 0xf0:
            if (status == 0xf0 && first == 0x7d) {
                left[frame] += static_cast<float>(second / 127.0);
                right[frame] += static_cast<float>(second / 127.0 / 2);
            }
            break;
        default:
            break;
    }
}

void PlainVoices::note_on(int midi_channel, int note, int velocity) {
    note_off(midi_channel, note);
    if (velocity > 0) voices_.push_back({midi_channel, note, velocity / 127.0, 0});
}

void PlainVoices::note_off(int midi_channel, int note) {
    std::erase_if(voices_, [&](const Voice& voice) {
        return voice.midi_channel == midi_channel && voice.note == note;
    });
}

void PlainVoices::control_change(int midi_channel, int controller, int value) {
    switch (controller) {
        case 7:
            controllers_[midi_channel].level = value / 127.0;
            break;
        case 121:
            controllers_[midi_channel] = {};
            break;
        case 120:
        case 123:
            std::erase_if(voices_,
                          [&](const Voice& voice) { return voice.midi_channel == midi_channel; });
            break;
        default:
            break;
    }
}

void PlainVoices::render_span(double level, double transposition, float* left, float* right,
                              int from, int to) {
    for (Voice& voice : voices_) {
        const Controllers& controllers = controllers_[voice.midi_channel];
        const double semitones = voice.note - 69 + transposition + controllers.bend;
        const double step = 440 * std::exp2(semitones / 12) / sample_rate_;
        const double gain = level * voice.velocity * controllers.level * (1 + controllers.pressure);
        for (int frame = from; frame < to; ++frame) {
            const double value = gain * std::cos(2 * std::numbers::pi * voice.turns);
            left[frame] += static_cast<float>(value);
            right[frame] += static_cast<float>(value / 2);
            voice.turns += step;
            voice.turns -= std::floor(voice.turns);
        }
    }
}

}  // namespace patchpipe
