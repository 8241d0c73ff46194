// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the host's transport is at each frame of a render.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>

#include "midi/time_map.h"

namespace patchpipe {

/// Where the host's transport is at the first frame of a block. In audio that a latency makes late
/// it begins before 0.
struct Transport {
    std::int64_t frame = 0;
    double seconds = 0;
    Position music;
    bool playing = false;
};

class Timeline {
 public:
    using PositionAt = std::function<Position(double seconds)>;

    Timeline(PositionAt position_at, int sample_rate)
        : position_at_(std::move(position_at)), sample_rate_(sample_rate) {}

    [[nodiscard]] Transport at(std::int64_t frame) const {
        const double seconds = static_cast<double>(frame) / sample_rate_;
        return {
            .frame = frame, .seconds = seconds, .music = position_at_(seconds), .playing = true};
    }

 private:
    PositionAt position_at_;
    int sample_rate_;
};

}  // namespace patchpipe
