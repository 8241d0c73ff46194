// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "measure/tone_test.h"

#include <algorithm>
#include <cmath>

namespace patchpipe {
namespace {

std::span<const float> last(const std::vector<float>& samples, std::int64_t frames) {
    return std::span(samples).last(static_cast<std::size_t>(frames));
}

}  // namespace

ToneTest tone_test(double frequency, double level, std::int64_t settling, std::int64_t frames,
                   int sample_rate) {
    const auto tone = coherent_tone(frequency, frames, sample_rate);
    return {.signal = {.kind = SignalKind::tone,
                       .level = level,
                       .frames = settling + frames,
                       .value = tone.frequency},
            .tone = tone,
            .frames = frames};
}

std::optional<ToneMeasures> measure_in(const Channels& channels, const ToneTest& test,
                                       int sample_rate) {
    std::optional<ToneMeasures> loudest;
    for (const auto& samples : channels) {
        const auto found = measure_tone(last(samples, test.frames), test.tone.periods, sample_rate);
        if (found && (!loudest || found->level_db > loudest->level_db)) loudest = found;
    }
    return loudest;
}

std::vector<double> sweep_frequencies(int sample_rate) {
    constexpr double lowest = 100, of_rate = 0.45;
    const double highest = std::min(audible_hz, of_rate * sample_rate);
    std::vector<double> frequencies;
    for (int i = 0; lowest * std::exp2(i / 3.0) <= highest; ++i)
        frequencies.push_back(lowest * std::exp2(i / 3.0));
    return frequencies;
}

std::vector<int> sweep_notes() {
    constexpr int lowest = 48, highest = 108, third = 4;
    std::vector<int> notes;
    for (int note = lowest; note <= highest; note += third) notes.push_back(note);
    return notes;
}

std::optional<double> note_aliasing_in(const Channels& channels, int note, std::int64_t frames,
                                       int sample_rate) {
    if (channels.empty()) return {};
    constexpr double concert_pitch = 440, its_note = 69;
    return note_aliasing_db(last(channels[loudest_channel(channels)], frames),
                            concert_pitch * std::exp2((note - its_note) / 12), sample_rate);
}

}  // namespace patchpipe
