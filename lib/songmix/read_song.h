// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads a song to mix it, from whatever song-read(1) reads, or its records.
#pragma once

#include <string>

#include "song/song_model.h"

namespace patchpipe {

/// The song in a file: a REAPER project, a MIDI file or song records, by its content. Notes and
/// what else makes no audio is left out. Throws Error not-found, io, corrupt or unsupported for the
/// file, and bad-record for the first thing that is wrong in it.
[[nodiscard]] SongModel read_song(const std::string& path);

/// Adds a record if the mix depends on it. Throws Error bad-record.
void add_to_song(SongModel& song, const Record& record);

}  // namespace patchpipe
