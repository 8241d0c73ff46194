// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How builds of different latency are heard in time with each other: the latency of the whole is
// that of the first one. One with less is delayed; one with more is later, and so is the whole from
// then on, if who hears it can be told.
#pragma once

#include <algorithm>
#include <cstdint>

#include "reload/crossfade.h"

namespace patchpipe {

/// Frames, 24 s at 44100 Hz. A build that reports more is wrong, and would cost memory.
inline constexpr int longest_latency = 1 << 20;

struct Alignment {
    int latency = 0;  ///< of the whole, in frames

    /// By how many frames a build of that latency is delayed.
    [[nodiscard]] int delay_of(int own) const {
        return std::clamp(std::min(latency, longest_latency) - std::max(own, 0), 0,
                          longest_latency);
    }

    /// The fade into a build of that latency which begins to play at that frame. Before its
    /// latency is over there would be nothing to hear of it.
    [[nodiscard]] Crossfade fade_to(int own, std::int64_t frame, int fade_frames) const {
        return {.begin = frame + std::max(latency, own), .frames = fade_frames};
    }
};

}  // namespace patchpipe
