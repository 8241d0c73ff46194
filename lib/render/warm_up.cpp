// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "render/warm_up.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace patchpipe {
namespace {

// Returns the greatest magnitude of what was played.
float play(Processor& processor, const BlockSettings& settings, double seconds,
           std::span<const BlockEvent> events) {
    float peak = 0;
    for (int left = static_cast<int>(seconds * settings.sample_rate); left > 0;
         left -= settings.block_size) {
        const int frames = std::min(left, settings.block_size);
        const auto* channels = processor.process({.frames = frames, .events = events});
        events = {};
        for (int channel = 0; channel < processor.channels(); ++channel)
            for (int i = 0; i < frames; ++i) peak = std::max(peak, std::abs(channels[channel][i]));
    }
    return peak;
}

}  // namespace

void warm_up(Processor& processor, const BlockSettings& settings) {
    constexpr std::uint8_t note = 48, velocity = 127, all_sound_off = 120;
    constexpr double note_seconds = 0.05, silence_seconds = 0.1;
    constexpr int most_silences = 50;
    constexpr float inaudible = 1e-7F;  // below one step of 24 bits
    const std::uint8_t on[] = {0x90, note, velocity}, off[] = {0x80, note, 0};
    const std::uint8_t quiet[] = {0xb0, all_sound_off, 0};
    const BlockEvent start[] = {{0, on}}, stop[] = {{0, off}, {0, quiet}};
    processor.settle();
    play(processor, settings, note_seconds, start);
    play(processor, settings, note_seconds, stop);
    for (int i = 0; i < most_silences; ++i)
        if (play(processor, settings, silence_seconds, {}) <= inaudible) break;
    processor.settle();
}

}  // namespace patchpipe
