// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "draw/period.h"

#include <algorithm>
#include <cmath>

#include "draw/dot_product.h"

namespace patchpipe {
namespace {

constexpr float least_likeness = 0.5F;
// Of the peaks that are nearly as high as the highest the first is the period, others its
// multiples.
constexpr float nearly = 0.9F;

}  // namespace

void PeriodFinder::measure(std::span<const float> samples, std::size_t most) {
    const auto size = samples.size();
    most = std::min(most, size / 2);
    likeness_.resize(most + 1);
    const float energy = dot_product(samples.data(), samples.data(), size);
    float both = 2 * energy;  // of the parts that overlap
    for (std::size_t lag = 0; lag <= most; ++lag) {
        const float sum = dot_product(samples.data(), samples.data() + lag, size - lag);
        likeness_[lag] = both > 0 ? 2 * sum / both : 0;
        both -= samples[lag] * samples[lag] + samples[size - 1 - lag] * samples[size - 1 - lag];
    }
}

// The top of the parabola through a value and its neighbours.
double PeriodFinder::refined(std::size_t lag) const {
    if (lag == 0 || lag + 1 >= likeness_.size()) return static_cast<double>(lag);
    const double before = likeness_[lag - 1], at = likeness_[lag], after = likeness_[lag + 1];
    const double bend = before - 2 * at + after;
    const double step = bend < 0 ? (before - after) / (2 * bend) : 0;
    return static_cast<double>(lag) + std::clamp(step, -1.0, 1.0);
}

// Behind the first place where the likeness is not positive, which ends the peak at 0.
std::size_t PeriodFinder::first_lag(std::size_t least) const {
    std::size_t first = 1;
    while (first < likeness_.size() && likeness_[first] > 0) ++first;
    return std::max(first, least);
}

std::optional<double> PeriodFinder::find(std::span<const float> samples, std::size_t least,
                                         std::size_t most) {
    measure(samples, most);
    const auto begin = first_lag(least);
    if (begin + 1 >= likeness_.size()) return {};
    const float highest =
        *std::max_element(likeness_.begin() + static_cast<std::ptrdiff_t>(begin), likeness_.end());
    if (highest < least_likeness) return {};
    for (auto lag = begin; lag + 1 < likeness_.size(); ++lag)
        if (likeness_[lag] >= nearly * highest && likeness_[lag] >= likeness_[lag - 1] &&
            likeness_[lag] >= likeness_[lag + 1])
            return refined(lag);
    return {};
}

std::optional<double> PeriodFinder::find_near(std::span<const float> samples, double known,
                                              std::size_t least, std::size_t most) {
    measure(samples, most);
    constexpr double semitone = 1.0595;
    std::optional<double> best;
    float highest = least_likeness;
    const auto first = static_cast<double>(first_lag(least));
    while (known / 2 >= first) known /= 2;
    while (known < first) known *= 2;
    for (; known * semitone < static_cast<double>(likeness_.size()); known *= 2) {
        const auto begin = static_cast<std::size_t>(std::max(1.0, std::floor(known / semitone)));
        const auto end = static_cast<std::size_t>(std::ceil(known * semitone));
        for (auto lag = begin; lag <= end && lag + 1 < likeness_.size(); ++lag)
            // A longer period must be clearly better.
            if (likeness_[lag] * (best ? nearly : 1) > highest) {
                highest = likeness_[lag];
                best = refined(lag);
            }
    }
    return best;
}

}  // namespace patchpipe
