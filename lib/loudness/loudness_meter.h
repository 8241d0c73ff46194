// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Loudness after EBU R 128: ITU-R BS.1770-4, EBU Tech 3341 and 3342. libebur128 weights the
// frequencies and the channels; the windows and gates are here, because libebur128 keeps every
// block of a long file, or counts them in classes of 0.1 LU.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>

#include "loudness/energy_histogram.h"

namespace patchpipe {

class LoudnessMeter {
 public:
    /// True if loudness is defined: BS.1770 has weights for 1 to 6 channels and for 8, in the order
    /// of WAV files (L R C LFE Ls Rs; with 8, the back channels come before the side channels), and
    /// its filters need a rate of 4000 Hz or more.
    [[nodiscard]] static bool measures(int channels, int sample_rate);

    /// Both must be what measures() takes. One channel has the loudness that it has as the left
    /// channel of two. Throws Error unsupported if libebur128 refuses.
    LoudnessMeter(int channels, int sample_rate);
    ~LoudnessMeter();
    LoudnessMeter(const LoudnessMeter&) = delete;
    LoudnessMeter& operator=(const LoudnessMeter&) = delete;

    /// Adds interleaved frames, which must be finite.
    void add(std::span<const double> samples);

    /// Integrated loudness in LUFS; nothing if no 400 ms of the audio exceed -70 LUFS.
    [[nodiscard]] std::optional<double> integrated() const;
    /// Loudness range in LU; nothing if no 3 s of the audio exceed -70 LUFS.
    [[nodiscard]] std::optional<double> range() const;
    /// The loudest 400 ms and the loudest 3 s in LUFS, in steps of 10 ms; nothing if the audio is
    /// shorter or silent.
    [[nodiscard]] std::optional<double> max_momentary() const;
    [[nodiscard]] std::optional<double> max_short_term() const;

 private:
    struct Filter;

    void end_step();
    [[nodiscard]] double mean_of_last(std::size_t steps) const;

    std::unique_ptr<Filter> filter_;
    std::size_t channels_;
    int sample_rate_;
    std::int64_t frames_ = 0;                        // so far
    std::int64_t steps_ = 0;                         // of 10 ms, that are complete
    std::deque<double> energies_;                    // of the last steps, as many as 3 s have
    double max_momentary_ = 0, max_short_term_ = 0;  // energies
    EnergyHistogram momentary_, short_term_;
};

}  // namespace patchpipe
