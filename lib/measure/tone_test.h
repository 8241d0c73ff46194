// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A tone, or a note, and what the answer to it says; and the tones and notes of a sweep.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "measure/response.h"
#include "measure/signal.h"
#include "measure/spectrum.h"

namespace patchpipe {

/// A tone that fits into the frames that are looked at. Those come after others, in which the
/// processor reaches its steady state.
struct ToneTest {
    Signal signal;
    CoherentTone tone;
    std::int64_t frames;  ///< that are looked at, the last ones: a power of two
};

/// frequency in Hz; level is the peak, linear; settling are the frames before those that count.
[[nodiscard]] ToneTest tone_test(double frequency, double level, std::int64_t settling,
                                 std::int64_t frames, int sample_rate);

/// Of the channel in which the tone is loudest; nothing if it is in none. channels are the whole
/// answer, with finite samples.
[[nodiscard]] std::optional<ToneMeasures> measure_in(const Channels& channels, const ToneTest& test,
                                                     int sample_rate);

/// Third octaves from 100 Hz up to 20 kHz and to 0.45 of the sample rate.
[[nodiscard]] std::vector<double> sweep_frequencies(int sample_rate);

/// Notes from C3 to C8, in thirds.
[[nodiscard]] std::vector<int> sweep_notes();

/// As note_aliasing_db(), of the last frames of the loudest channel, in which the note is held.
[[nodiscard]] std::optional<double> note_aliasing_in(const Channels& channels, int note,
                                                     std::int64_t frames, int sample_rate);

}  // namespace patchpipe
