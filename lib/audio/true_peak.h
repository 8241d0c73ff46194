// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The true peak of audio, as ITU-R BS.1770-4, Annex 2, defines it: the greatest magnitude after
// oversampling, which is what a converter would play between the samples.
#pragma once

#include <array>
#include <span>
#include <vector>

namespace patchpipe {

class TruePeak {
 public:
    /// Oversamples fourfold below 96 kHz and twofold below 192 kHz; from there on the samples alone
    /// count. The interpolation is flat within 0.02 dB up to 0.42 times the sample rate.
    TruePeak(int channels, int sample_rate);

    /// Adds interleaved frames, which must be finite.
    void add(std::span<const double> samples);

    /// Returns the peak, linear; 1.0 is full scale. Before and after the audio is silence. Call it
    /// once, at the end.
    [[nodiscard]] double finish();

 private:
    static constexpr std::size_t taps = 24;   // for each sample in between
    static constexpr std::size_t piece = 64;  // frames that are interpolated at a time
    using Taps = std::array<float, taps>;

    // The samples of a channel that are not yet interpolated, behind those before them.
    struct Channel {
        std::array<float, taps + piece> samples{};
    };

    static Taps taps_at(double fraction);
    void interpolate();
    void interpolate(const Channel& channel);

    std::vector<Taps> phases_;
    double largest_gain_ = 0;  // no value in between exceeds the largest sample times this
    std::vector<Channel> channels_;
    std::size_t filled_ = 0;
    float peak_ = 0;
};

}  // namespace patchpipe
