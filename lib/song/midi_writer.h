// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes song records as a Standard MIDI File: notes and controls, tempos, signatures and markers.
// What a MIDI file cannot hold is left out.
#pragma once

#include <string>

#include "song/song_model.h"

namespace patchpipe {

/// The file's bytes. The tracks of a song that was a MIDI file are as they were; those of any other
/// come behind one with what the song has as a whole. Of an item only what it plays is written: the
/// active take, within the item's time, repeated if it is a loop. A ramp of the tempo becomes steps
/// of a quarter of a beat, so that each step is at its time. Throws Error bad-record, and
/// unsupported for a song that is too long.
[[nodiscard]] std::string build_midi(const SongModel& song);

}  // namespace patchpipe
