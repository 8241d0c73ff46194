// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads the events of a take's MIDI source. Only for lib/song.
#pragma once

#include <cstdint>
#include <string>

#include "song/rpp_reading.h"

namespace patchpipe {

/// Where a take and its source are in the song.
struct SourcePlace {
    std::string track, item;
    double time = 0;    ///< of the item
    double offset = 0;  ///< seconds of the source that are left out
    double rate = 1;
    double ticks_per_beat = 960;
    double own_bpm = 0;
    std::int64_t ticks = 0;  ///< the length of the source
    bool midi = false;       ///< whether its events are read, or all is raw
    bool section = false;    ///< whether it is a section of a source
};

/// The beats of the source that are left out at its beginning.
[[nodiscard]] double offset_beats(const SourcePlace& place, const TempoMap& tempo);

/// Reads the SOURCE block that was just entered.
void read_source(RppReading& reading, const SourcePlace& place);

}  // namespace patchpipe
