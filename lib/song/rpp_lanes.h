// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The fixed lanes of a track in a REAPER file, and which of them play. Only for lib/song.
#pragma once

#include <cstdint>
#include <vector>

#include "song/rpp_text.h"

namespace patchpipe {

class FixedLanes {
 public:
    /// Takes a track's line FREEMODE, ITEMLANES or LANESOLO; others say nothing of lanes.
    void take(const RppFields& fields);

    /// Whether the items of the track lie in lanes.
    [[nodiscard]] bool any() const { return fixed_; }
    /// The lane of an item, from 0, whose line YPOS has these two fields: where it begins, and its
    /// height, in parts of the track's.
    [[nodiscard]] std::int64_t lane_of(double top, double height) const;
    [[nodiscard]] bool plays(std::int64_t lane) const;

 private:
    bool fixed_ = false;
    double count_ = 0;                  // 0: the file does not say it
    std::vector<std::uint32_t> plays_;  // a bit for each lane; empty: all play
};

}  // namespace patchpipe
