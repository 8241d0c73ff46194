// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "edit/normalise.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "audio/true_peak.h"
#include "base/error.h"
#ifdef PATCHPIPE_LOUDNESS
#include "loudness/loudness_meter.h"
#endif

namespace patchpipe {
namespace {

double magnitude(double decibels) { return std::pow(10, decibels / 20); }

double peak_of(std::span<const double> samples) {
    double peak = 0;
    for (const double sample : samples) peak = std::max(peak, std::abs(sample));
    return peak;
}

struct Measured {
    double peak = 0;
    std::optional<double> level;  // linear
};

Measured measure_peak(AudioSource& audio) {
    Measured found;
    for_each_block(audio,
                   [&](auto samples) { found.peak = std::max(found.peak, peak_of(samples)); });
    if (found.peak > 0) found.level = found.peak;
    return found;
}

Measured measure_true_peak(AudioSource& audio) {
    Measured found;
    TruePeak meter(audio.channels(), audio.sample_rate());
    for_each_block(audio, [&](auto samples) {
        found.peak = std::max(found.peak, peak_of(samples));
        meter.add(samples);
    });
    if (const double peak = meter.finish(); peak > 0) found.level = peak;
    return found;
}

#ifdef PATCHPIPE_LOUDNESS
Measured measure_loudness(AudioSource& audio) {
    if (!LoudnessMeter::measures(audio.channels(), audio.sample_rate()))
        refuse_unsupported("loudness", "is not defined for " + std::to_string(audio.channels()) +
                                           " channels at " + std::to_string(audio.sample_rate()) +
                                           " Hz; normalise the peak");
    Measured found;
    LoudnessMeter meter(audio.channels(), audio.sample_rate());
    for_each_block(audio, [&](auto samples) {
        found.peak = std::max(found.peak, peak_of(samples));
        meter.add(samples);
    });
    if (const auto loudness = meter.integrated()) found.level = magnitude(*loudness);
    return found;
}
#else
Measured measure_loudness(AudioSource&) {
    check_level(Level::loudness);
    return {};
}
#endif

Measured measure(AudioSource& audio, Level level) {
    switch (level) {
        case Level::peak:
            return measure_peak(audio);
        case Level::true_peak:
            return measure_true_peak(audio);
        case Level::loudness:
            break;
    }
    return measure_loudness(audio);
}

}  // namespace

void check_level([[maybe_unused]] Level level) {
#ifndef PATCHPIPE_LOUDNESS
    if (level == Level::loudness)
        refuse_unsupported("loudness",
                           "needs libebur128, which this build is without; install "
                           "libebur128-dev and build again");
#endif
}

double normalising_gain(AudioSource& audio, Level level, double target_db,
                        std::optional<double> limit_db) {
    const auto found = measure(audio, level);
    if (!found.level) return 1;
    const double gain = magnitude(target_db) / *found.level;
    if (!limit_db || !(found.peak > 0)) return gain;
    return std::min(gain, magnitude(*limit_db) / found.peak);
}

}  // namespace patchpipe
