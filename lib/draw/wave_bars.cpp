// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "draw/wave_bars.h"

#include <algorithm>
#include <cmath>

namespace patchpipe {

std::vector<double> envelope_of(ChannelAudio& audio, std::size_t count) {
    std::vector<double> bars(count);
    constexpr std::int64_t block = 1 << 16;
    for (std::size_t i = 0; i < count; ++i) {
        const auto place = [&](std::size_t part) {
            return static_cast<std::int64_t>(static_cast<double>(audio.frames()) *
                                             static_cast<double>(part) /
                                             static_cast<double>(count));
        };
        const auto begin = place(i), end = std::max(place(i + 1), begin + 1);
        for (auto at = begin; at < end; at += block)
            for (const float sample : audio.window(at, std::min(block, end - at)))
                bars[i] += std::abs(static_cast<double>(sample));
        bars[i] /= static_cast<double>(end - begin);
    }
    const double highest = *std::max_element(bars.begin(), bars.end());
    if (highest > 0)
        for (auto& bar : bars) bar /= highest;
    return bars;
}

std::size_t bars_in(int width) {
    constexpr int least = 128, most = 2048;
    return static_cast<std::size_t>(std::clamp(width / 2, least, most));
}

}  // namespace patchpipe
