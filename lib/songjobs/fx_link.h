// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An effect of a song as a link of a job's chain: its plug-in, state and parameters that move. Not
// here: finding the plug-in (plugin_finder.h).
#pragma once

#include <string>

#include "song/song_model.h"
#include "songjobs/work_folder.h"

namespace patchpipe {

struct LaneTimes {
    double begin = 0;  ///< the seconds in the song at which times of envelopes are 0
    double share = 1;  ///< of the points that curves have usually: share_of_curves()
};

/// The fields that render-one takes for a link. A state in the record becomes a file of the folder.
/// An envelope of a parameter has its points as they are if they are joined by lines or steps;
/// a curve has a point each hundredth of a second, or 10,000 if these are fewer, and all curves of
/// an envelope have 100,000. Throws Error bad-record.
[[nodiscard]] Record fx_link(const SongModel& song, const std::string& effect,
                             const std::string& plugin, const WorkFolder& folder,
                             const LaneTimes& times);

/// What share of these points the curves may have for the lanes of all these effects to have no
/// more than a million: 0 to 1. Throws Error bad-record.
[[nodiscard]] double share_of_curves(const SongModel& song, const SongModel::Ids& effects);

/// True for an LV2 of a REAPER project, whose state no reader of projects knows.
[[nodiscard]] bool has_unread_state(const SongModel& song, const std::string& effect);

}  // namespace patchpipe
