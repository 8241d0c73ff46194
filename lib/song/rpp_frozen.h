// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a frozen track says of itself. REAPER keeps what it replaced, effects, items and receives,
// in a <FREEZE block for each time that the track was frozen; what plays is the track's own item.
// Only for lib/song. The blocks stay as they are.
#pragma once

#include <string>
#include <vector>

#include "song/rpp_reading.h"

namespace patchpipe {

class FrozenLook {
 public:
    /// How far below the track lines are that count.
    static constexpr std::size_t deepest = 3;

    /// A line of the track, as RppWalk::look_ahead() gives it.
    void take(std::size_t below, const RppLine& line);
    /// Adds the keys "frozen", "frozen_path" and "frozen_fx"; none if the track is not frozen.
    void put(RecordLine& record) const;

 private:
    enum class Part { other, freeze, item };

    Part part_ = Part::other;
    bool in_source_ = false, in_chain_ = false, at_begin_ = true;
    std::size_t blocks_ = 0, items_ = 0;
    std::string path_;  // of the first item
    std::vector<std::string> effects_;
    RppFields fields_;
};

}  // namespace patchpipe
