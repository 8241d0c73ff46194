// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One sound fades into another by equal power: the gains are a cosine and a sine, whose squares add
// up to 1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace patchpipe {

/// When, in frames. Without frames the new sound follows the old one from the one frame to the
/// next.
struct Crossfade {
    std::int64_t begin = 0;
    int frames = 0;

    [[nodiscard]] std::int64_t end() const { return begin + frames; }

    /// Writes the frames from `at` on, as many as `count`, of each channel to `mixed`.
    void mix(const float* const* before, const float* const* after, std::int64_t at, int count,
             std::span<std::vector<float>> mixed) const;
};

}  // namespace patchpipe
