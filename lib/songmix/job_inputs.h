// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes what goes into the effects of the tracks and takes that the jobs of song-jobs(1) render.
#pragma once

#include <memory>
#include <string>

#include "record/record.h"
#include "song/routing.h"
#include "song/song_model.h"

namespace patchpipe {

class JobInputs {
 public:
    /// True for a job with song_path, input_path and track or item.
    [[nodiscard]] static bool is_needed(const Record& job);

    /// Mixes what is below the chain of the job's track, or what its item plays, out of the song's
    /// items and the files in the field stems, and writes it to input_path: a WAV file of 32-bit
    /// floats at the job's sample rate, or at the song's, from the beginning of the song on. Throws
    /// Error bad-record, and what the song, its files and the writing throw.
    void write(const Record& job);

 private:
    struct Song {
        explicit Song(const std::string& song_path);

        std::string path;
        SongModel model;
        Routing routing;
    };
    const Song& song(const std::string& path);

    std::unique_ptr<Song> song_;  // the last one: jobs of a song follow each other
};

}  // namespace patchpipe
