// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which MIDI the effects of a track play. Audio is in song/routing.h.
#pragma once

#include <string>
#include <vector>

#include "song/midi_writer.h"
#include "song/routing.h"

namespace patchpipe {

/// The parts that the chain of a track plays: its own takes, those of the tracks in its folder that
/// have no effects themselves, and what sends bring, each on the channels that they say. A send
/// passes the track's own MIDI on, effects or not.
[[nodiscard]] std::vector<MidiPart> track_midi(const SongModel& song, const Routing& routing,
                                               const std::string& track);

/// What the effects of a take play.
[[nodiscard]] std::vector<MidiPart> take_midi(const SongModel& song, const std::string& take);

}  // namespace patchpipe
