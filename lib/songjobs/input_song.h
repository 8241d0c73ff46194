// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The part of a song that one chain hears, as a song of its own: while it stays the same, so does
// the input of the chain.
#pragma once

#include <string>
#include <vector>

#include "song/routing.h"
#include "song/song_model.h"

namespace patchpipe {

struct InputSong {
    std::string records;             ///< lines of song records, without notes and states
    std::vector<std::string> media;  ///< absolute paths, in order, each once
    SongModel::Ids stems;            ///< the tracks and takes whose stems are in it
};

/// What is below the chain of the track: the tracks that it hears as far as a chain, with their
/// faders and sends. Mutes and solos have had their effect.
[[nodiscard]] InputSong song_below(const SongModel& song, const Routing& routing,
                                   const std::string& track);

/// What goes into the effects of a take.
[[nodiscard]] InputSong song_of_take(const SongModel& song, const std::string& track,
                                     const RoutedTake& take);

/// The file that a take plays, absolute; empty if it plays none.
[[nodiscard]] std::string media_of(const SongModel& song, const std::string& take);

}  // namespace patchpipe
