// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The jobs that render-one makes the stems of a song of, and their files: MIDI, states, and the
// part of the song that is mixed into a chain's input.
#pragma once

#include <string>
#include <vector>

#include "song/routing.h"
#include "song/song_model.h"
#include "songjobs/chain_plan.h"
#include "songjobs/work_folder.h"

namespace patchpipe {

struct SongJobSettings {
    int sample_rate = 44100;  ///< Hz
    std::string tail;         ///< of tracks, behind the end of the song: JSON, as a job has it
    std::string song_path;    ///< a file with the whole song, absolute
};

/// One job for each chain, in their order, with the fields that song-jobs(1) lists. Writes their
/// files; one with the same bytes keeps its time. Throws Error io, and bad-record for what is wrong
/// in the song.
[[nodiscard]] std::vector<Record> song_jobs(const SongModel& song, const Routing& routing,
                                            const std::vector<PlannedChain>& chains,
                                            const WorkFolder& folder,
                                            const SongJobSettings& settings);

/// A hash that changes when one of these files does, judged by its size and time.
[[nodiscard]] std::string files_hash(const std::vector<std::string>& paths);

/// The files that the takes of the song play, absolute.
[[nodiscard]] std::vector<std::string> song_media(const SongModel& song, const Routing& routing);

}  // namespace patchpipe
