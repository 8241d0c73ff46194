// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A song's records out of any file that has a song. Not here: the formats (rpp_reader.h,
// midi_reader.h).
#pragma once

#include <string>

#include "song/raw_lines.h"
#include "song/rpp_reader.h"

namespace patchpipe {

/// Writes the lines of the records in the file: a REAPER project, a MIDI file, or records, by its
/// content; "-" is standard input. What is wrong in it is an error record. Throws Error not-found
/// or io, corrupt, and unsupported for any other file.
void read_song_file(const std::string& file, const SongReadOptions& options,
                    const WriteLine& write);

}  // namespace patchpipe
