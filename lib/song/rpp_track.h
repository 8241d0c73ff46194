// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads a track of a REAPER file with all that is in it. Only for lib/song.
#pragma once

#include <string>
#include <vector>

#include "song/rpp_reading.h"

namespace patchpipe {

/// The folders that are open where the next track begins, outermost first, by their ids.
using OpenFolders = std::vector<std::string>;

/// Reads the track whose first line, "<TRACK", was just read.
void read_track(RppReading& reading, const RppLine& header, OpenFolders& folders);

}  // namespace patchpipe
