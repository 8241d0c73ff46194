// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The period of a piece of sound, by its normalised square difference: P. McLeod and G. Wyvill, "A
// smarter way to find pitch", International Computer Music Conference, 2005. It is for some hundred
// samples at a time; audio/pitch.h is finer, and slower.
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace patchpipe {

class PeriodFinder {
 public:
    /// The period in samples, with a fraction, of lengths from least to most; nothing for silence
    /// and noise. most is at most half of the samples.
    [[nodiscard]] std::optional<double> find(std::span<const float> samples, std::size_t least,
                                             std::size_t most);

    /// The same if the period is known but for octaves, which a sample's tuning may change, and a
    /// semitone.
    [[nodiscard]] std::optional<double> find_near(std::span<const float> samples, double known,
                                                  std::size_t least, std::size_t most);

 private:
    void measure(std::span<const float> samples, std::size_t most);
    [[nodiscard]] std::size_t first_lag(std::size_t least) const;
    [[nodiscard]] double refined(std::size_t lag) const;

    std::vector<float> likeness_;  // 1 if the sound is the same after so many samples, -1 opposite
};

}  // namespace patchpipe
