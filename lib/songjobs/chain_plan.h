// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which chains of a song have to be rendered, with which plug-ins, and all that is missing for it:
// known before anything is rendered. Not here: jobs (song_jobs.h).
#pragma once

#include <string>
#include <vector>

#include "record/record.h"
#include "song/routing.h"
#include "songjobs/plugin_finder.h"

namespace patchpipe {

struct PlannedEffect {
    std::string id;
    Source plugin;  ///< its identifier is what render-one takes
};

struct PlannedChain {
    std::string track;
    RoutedTake take;  ///< whose effects they are; without an item they are those of the track
    int stage = 1;
    bool needs_input = false;  ///< else its first effect plays MIDI
    std::vector<PlannedEffect> effects;

    /// The track or the take.
    [[nodiscard]] const std::string& id() const { return take.item.empty() ? track : take.item; }
};

struct ChainPlan {
    std::vector<PlannedChain> chains;  ///< in the order of their stages
    /// An error record for each plug-in and file that is missing or cannot be used, with the fields
    /// track, fx or item, and frozen_path if the track has it.
    std::vector<Record> missing;
    SongModel::Ids unplayable;          ///< effects that something is missing of
    SongModel::Ids silent;              ///< takes without their files
    SongModel::Ids frozen;              ///< tracks that are heard by their frozen_path instead
    std::vector<std::string> warnings;  ///< what will sound different than in REAPER
};

/// MIDI goes to a chain's instrument, or to its first effect if none is marked as one. Effects
/// before the instrument would change its MIDI, or audio that it does not hear: they are left out
/// with a warning. A second instrument, and one with audio below it, count as missing. Without its
/// instrument the whole chain is unplayable.
[[nodiscard]] ChainPlan plan_chains(const SongModel& song, const Routing& routing,
                                    PluginFinder& finder);

/// Changes the song into one in which nothing is missing, for another routing and plan: effects are
/// bypassed, takes muted, and frozen audio takes the place of a track's effects and items.
void leave_out_missing(SongModel& song, const ChainPlan& plan);

}  // namespace patchpipe
