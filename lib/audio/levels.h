// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Levels of audio, and the silence at its ends, block by block. Not here: what a render reports of
// itself (meter.h), loudness (loudness/loudness_meter.h).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace patchpipe {

/// The index of the first sample that is not finite; nothing if all are.
[[nodiscard]] std::optional<std::size_t> find_non_finite(std::span<const double> samples);

class Levels {
 public:
    explicit Levels(int channels);

    /// Adds interleaved frames, which must be finite.
    void add(std::span<const double> samples);

    /// The greatest magnitude, in dB relative to full scale; nothing for digital silence.
    [[nodiscard]] std::optional<double> peak_db() const;
    /// The root of the mean square of all samples of all channels, in dB relative to full scale;
    /// nothing for digital silence. A full-scale sine has -3.01 dB.
    [[nodiscard]] std::optional<double> rms_db() const;
    /// Their difference.
    [[nodiscard]] std::optional<double> crest_factor_db() const;
    /// The mean of the channel whose mean is farthest from zero, linear, with its sign; nothing
    /// without frames.
    [[nodiscard]] std::optional<double> dc_offset() const;

 private:
    double peak_ = 0, sum_of_squares_ = 0;
    std::int64_t frames_ = 0;
    std::vector<double> sums_;  // one a channel
};

/// Silence at the beginning and at the end.
class SilentEnds {
 public:
    /// Frames in which no channel exceeds the threshold, a magnitude, are silent.
    SilentEnds(int channels, double threshold);

    /// Adds interleaved frames.
    void add(std::span<const double> samples);

    /// Both are all frames if none exceeds the threshold.
    [[nodiscard]] std::int64_t leading_frames() const { return first_.value_or(frames_); }
    [[nodiscard]] std::int64_t trailing_frames() const { return frames_ - end_; }

 private:
    std::size_t channels_;
    double threshold_;
    std::int64_t frames_ = 0, end_ = 0;  // end_: behind the last frame that is not silent
    std::optional<std::int64_t> first_;
};

}  // namespace patchpipe
