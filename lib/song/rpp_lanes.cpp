// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/rpp_lanes.h"

#include <algorithm>
#include <cmath>

namespace patchpipe {
namespace {

constexpr double most_lanes = 4096;
constexpr std::int64_t word_bits = 32;

}  // namespace

// FREEMODE 2, ITEMLANES count, LANESOLO bits bits ...: 32 lanes in each number.
void FixedLanes::take(const RppFields& fields) {
    constexpr double fixed_lanes = 2, most_word = 4294967295.0;
    const auto tag = fields.text(0);
    if (tag == "FREEMODE") fixed_ = fields.number(1) == fixed_lanes;
    if (tag == "ITEMLANES") count_ = std::clamp(std::trunc(fields.number(1)), 0.0, most_lanes);
    if (tag != "LANESOLO") return;
    plays_.clear();
    for (std::size_t i = 1; i < fields.size(); ++i) {
        // A word with its highest bit may be written as a negative number.
        const double word = std::clamp(fields.number(i), -2147483648.0, most_word);
        plays_.push_back(static_cast<std::uint32_t>(static_cast<std::int64_t>(word)));
    }
}

std::int64_t FixedLanes::lane_of(double top, double height) const {
    const double count = count_ > 0 ? count_ : height > 0 ? std::min(1 / height, most_lanes) : 1;
    const double lane = std::round(top * count);
    return static_cast<std::int64_t>(std::clamp(lane, 0.0, std::max(0.0, std::round(count) - 1)));
}

bool FixedLanes::plays(std::int64_t lane) const {
    const auto word = static_cast<std::size_t>(lane / word_bits);
    return plays_.empty() || (word < plays_.size() && (plays_[word] >> lane % word_bits & 1) != 0);
}

}  // namespace patchpipe
