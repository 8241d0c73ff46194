// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The pitch of a single note, found with YIN: A. de Cheveigne and H. Kawahara, "YIN, a fundamental
// frequency estimator for speech and music", Journal of the Acoustical Society of America 111 (4),
// 2002. The steps are theirs; differences of all channels are added up, so that channels in
// opposite phase do not cancel each other, and a period that was found is refined at its multiples.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "audio/fourier.h"

namespace patchpipe {

struct Pitch {
    double hz = 0;
    /// The part of the sound's power that has this pitch, to within half a semitone, and repeats
    /// from period to period: 1 for a steady tone, 0 for noise.
    double confidence = 0;
};

class PitchMeter {
 public:
    static constexpr double lowest_hz = 20, highest_hz = 5000;

    PitchMeter(int channels, int sample_rate);

    /// Adds interleaved frames, which must be finite.
    void add(std::span<const double> samples);

    /// Returns the pitch that most of the sound has, with hz 0 if no part of it has one; nothing
    /// for silence. Call it once, at the end.
    [[nodiscard]] std::optional<Pitch> finish();

 private:
    struct Period {
        double frames;  // 0: there is no period
        double aperiodicity;
    };
    // Of the periods that are within the same cent.
    struct Bin {
        double weight = 0, weighted_cents = 0;
    };

    void take_window();
    void add_differences(std::size_t channel, std::size_t window);
    double normalise();
    [[nodiscard]] Period find_period() const;
    [[nodiscard]] Period first_dip_below(double limit) const;
    [[nodiscard]] std::size_t lowest_near(std::size_t lag) const;
    [[nodiscard]] bool is_too_high(const Period& period) const;
    [[nodiscard]] Period refine(Period period) const;
    [[nodiscard]] Period dip_at(std::size_t lag) const;
    void count(const Period& period, double power);

    std::size_t channels_;
    int sample_rate_;
    std::size_t longest_;  // the longest period, in frames
    Fourier fourier_;
    std::vector<double> gathered_;  // interleaved: up to two longest periods
    bool has_window_ = false;
    std::vector<double> samples_, real_, imaginary_;
    std::vector<double> differences_;  // by lag; normalised by normalise()
    std::vector<Bin> bins_;
    double power_ = 0;
};

/// A frequency as a MIDI note number and the distance to it in cents, -50 to 50; A4, note 69, is
/// 440 Hz.
struct NearestNote {
    int note;
    double cents;
};
[[nodiscard]] NearestNote nearest_note(double hz);

}  // namespace patchpipe
