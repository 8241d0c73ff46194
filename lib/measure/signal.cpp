// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "measure/signal.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>

#include "base/error.h"
#include "render/score.h"
#include "sampling/philox.h"

namespace patchpipe {
namespace {

constexpr std::array<std::string_view, 6> names = {"silence", "impulse", "step",
                                                   "tone",    "noise",   "note"};

SignalKind kind_named(const std::string& name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
        throw Error(ErrorKind::bad_record, "signal", "is of no known kind: " + name);
    return static_cast<SignalKind>(found - names.begin());
}

// White noise, -1 to 1: a function of the place alone.
double noise_at(std::int64_t frame) {
    const auto place = static_cast<std::uint64_t>(frame);
    const auto drawn = philox(
        {static_cast<std::uint32_t>(place / 4), static_cast<std::uint32_t>(place / 4 >> 32), 0, 0},
        {1, 2});
    return drawn[place % 4] / 2147483648.0 - 1;
}

double sample_at(const Signal& signal, int sample_rate, std::int64_t frame) {
    switch (signal.kind) {
        case SignalKind::impulse:
            return frame == 0 ? 1 : 0;
        case SignalKind::step:
            return 1;
        case SignalKind::noise:
            return noise_at(frame);
        case SignalKind::tone:
            return std::sin(2 * std::numbers::pi * signal.value * static_cast<double>(frame) /
                            sample_rate);
        case SignalKind::silence:
        case SignalKind::note:
            break;
    }
    return 0;
}

std::vector<ScoreEvent> note_events(const Signal& signal) {
    constexpr std::uint8_t on = 0x90, off = 0x80;
    const auto number = static_cast<std::uint8_t>(signal.value);
    return {{0, {on, number, static_cast<std::uint8_t>(signal.velocity)}},
            {signal.held, {off, number, 0}}};
}

}  // namespace

std::string_view to_string(SignalKind kind) { return names[static_cast<std::size_t>(kind)]; }

Record signal_record(const Signal& signal) {
    Record record("{}");
    record.set("kind", to_string(signal.kind));
    record.set("level", signal.level);
    record.set("frames", signal.frames);
    record.set("value", signal.value);
    record.set("held", signal.held);
    record.set("velocity", signal.velocity);
    return record;
}

Signal read_signal(const Record& record) {
    Signal signal{.kind = kind_named(record.text("kind").value_or("")),
                  .level = record.number("level").value_or(1),
                  .frames = record.integer("frames").value_or(0),
                  .value = record.number("value").value_or(0),
                  .held = record.integer("held").value_or(0),
                  .velocity = static_cast<int>(record.integer("velocity").value_or(127))};
    if (signal.frames < 1)
        throw Error(ErrorKind::bad_record, "signal", "has no frames; it needs at least one");
    return signal;
}

void fill_signal(const Signal& signal, int sample_rate, std::int64_t begin, float* samples,
                 int frames) {
    for (int i = 0; i < frames; ++i)
        samples[i] = static_cast<float>(signal.level * sample_at(signal, sample_rate, begin + i));
}

Score signal_score(const Signal& signal, int sample_rate) {
    Score score{.events = {}, .frames = signal.frames, .time_map = steady_time(120, 4, 4)};
    if (signal.kind == SignalKind::note) {
        score.events = note_events(signal);
    } else {
        score.audio = [signal, sample_rate, begin = std::int64_t{0}](auto channels,
                                                                     int frames) mutable {
            if (channels.empty()) return;
            fill_signal(signal, sample_rate, begin, channels[0], frames);
            for (auto* channel : channels.subspan(1)) std::copy_n(channels[0], frames, channel);
            begin += frames;
        };
    }
    return score;
}

CoherentTone coherent_tone(double frequency, std::int64_t frames, int sample_rate) {
    const auto wanted = frequency * static_cast<double>(frames) / sample_rate;
    const auto odd = 2 * std::llround((wanted - 1) / 2) + 1;
    const auto periods = std::clamp<std::int64_t>(odd, 1, frames / 2 - 1);
    return {periods, static_cast<double>(periods) * sample_rate / static_cast<double>(frames)};
}

}  // namespace patchpipe
