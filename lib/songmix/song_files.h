// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The files that a song is mixed into: all of it, its tracks, its regions, or each track in each
// region, in one pass over the song.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "audio/audio_format.h"
#include "file/whole_file.h"
#include "names/name_template.h"
#include "record/record.h"
#include "song/routing.h"
#include "songmix/render_settings.h"
#include "songmix/song_mixer.h"

namespace patchpipe {

struct SongFile {
    SongMixer::Wanted audio = {};
    std::int64_t begin = 0, end = 0;  ///< frames of the song
    std::string path = {};
    Record fields{"{}"};  ///< of the result: track, track_name, region ...
};

/// What a template can say of a file: {track}, its name or else its id, {region}, its name or else
/// its number, {project}, the title or else the name of the song's file, {number}, the place of the
/// file in the list, with zeros before it, {track_number} and {region_number}.
[[nodiscard]] std::span<const Placeholder> song_placeholders();

/// A file for each of the tracks in each of the ranges. Paths are left to name_files(). A region
/// with an empty name is a range that is none.
struct SongRange {
    std::int64_t begin, end;
    SongRegion region = {};
};
[[nodiscard]] std::vector<SongFile> plan_files(const SongModel& song,
                                               const std::vector<std::string>& tracks,
                                               const std::vector<SongRange>& ranges);

/// Gives each file a path in the folder, no two the same on any file system.
void name_files(std::vector<SongFile>& files, const SongModel& song, const NameTemplate& name,
                const std::string& folder, std::string_view suffix);

struct SongFileFormat {
    AudioFormat audio;  ///< but for the length; left and right are mixed down to one channel
    bool dither = false;
    Sync sync = Sync::first;
    bool refuse_silence = false;  ///< if all files are silent, write none
};

/// Mixes until all files are written. Calls done with a record for each, in the order of their
/// ends. Throws what mixing and AudioFileWriter throw; files that are not whole by then do not
/// appear. With refuse_silence, throws Error unsupported if there is nothing to hear in any file.
void write_files(SongMixer& mixer, const std::vector<SongFile>& files, const SongFileFormat& format,
                 const std::function<void(const Record&)>& done);

}  // namespace patchpipe
