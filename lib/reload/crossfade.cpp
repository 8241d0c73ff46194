// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "reload/crossfade.h"

#include <cmath>
#include <numbers>

namespace patchpipe {
namespace {

struct Gains {
    float before, after;
};

// At its first frame only the old sound is heard, behind its last one only the new one.
Gains gains_at(std::int64_t place, int frames) {
    if (place < 0) return {1, 0};
    if (place >= frames) return {0, 1};
    const double angle = static_cast<double>(place) / frames * std::numbers::pi / 2;
    return {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))};
}

}  // namespace

void Crossfade::mix(const float* const* before, const float* const* after, std::int64_t at,
                    int count, std::span<std::vector<float>> mixed) const {
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
        const auto gains = gains_at(at + static_cast<std::int64_t>(i) - begin, frames);
        // Samples that are not numbers are not heard before or behind their time.
        for (std::size_t channel = 0; channel < mixed.size(); ++channel)
            mixed[channel][i] = gains.before == 0  ? after[channel][i]
                                : gains.after == 0 ? before[channel][i]
                                                   : gains.before * before[channel][i] +
                                                         gains.after * after[channel][i];
    }
}

}  // namespace patchpipe
