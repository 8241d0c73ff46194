// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a song says that it is rendered: the key render of its first record, and its regions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "song/song_model.h"

namespace patchpipe {

/// In Hz: the one that the song renders at, or else its own; 44100 if it has none.
[[nodiscard]] int song_sample_rate(const SongModel& song);

/// What the song renders. Throws Error bad-record for values out of range.
struct RenderSettings {
    int channels = 2;           ///< 1 or more
    double start = 0;           ///< seconds
    std::optional<double> end;  ///< without it the end of the last item
    double tail = 0;            ///< seconds behind the end, of all of the song or of its time range
    double region_tail = 0;     ///< seconds behind each region
};
[[nodiscard]] RenderSettings render_settings(const SongModel& song);

struct SongRegion {
    std::string name;   ///< its number if it has none
    std::string index;  ///< the number that REAPER shows; empty if it has none
    double start, end;  ///< seconds
};

/// In the order of their beginnings. Throws Error bad-record for one without a time, or that ends
/// before it begins.
[[nodiscard]] std::vector<SongRegion> song_regions(const SongModel& song);

}  // namespace patchpipe
