// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "midi/time_map.h"

#include <algorithm>
#include <cmath>

namespace patchpipe {
namespace {

// The last point at or before value, or else the first one.
template <typename Point>
const Point& point_at(const std::vector<Point>& points, double Point::*key, double value) {
    const auto after =
        std::upper_bound(points.begin(), points.end(), value,
                         [key](double wanted, const Point& point) { return wanted < point.*key; });
    return after == points.begin() ? points.front() : *(after - 1);
}

}  // namespace

Position TimeMap::position_at(double seconds) const {
    const auto& tempo = point_at(tempos, &TempoPoint::seconds, seconds);
    const double quarters = tempo.quarters + (seconds - tempo.seconds) * tempo.bpm / 60;
    const auto& signature = point_at(signatures, &SignaturePoint::quarters, quarters);
    const double bar = 4.0 * signature.numerator / signature.denominator;
    const double bars = std::floor((quarters - signature.quarters) / bar);
    return {.quarters = quarters,
            .bar_start_quarters = signature.quarters + bars * bar,
            .bpm = tempo.bpm,
            .numerator = signature.numerator,
            .denominator = signature.denominator};
}

std::int64_t frame_at(double seconds, double sample_rate) {
    constexpr double last = 9e18;  // a file can name times whose frame no integer can hold
    return std::llround(std::min(seconds * sample_rate, last));
}

}  // namespace patchpipe
