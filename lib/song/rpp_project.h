// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The head of a REAPER project: its settings, tempo map, markers and master. Only for lib/song.
#pragma once

#include <vector>

#include "song/rpp_reading.h"

namespace patchpipe {

/// Looks through the project that was just entered, sets its tempo map, and writes its records:
/// song, tempo, signature, marker, region and the master track.
void read_project_head(RppReading& reading, const RppLine& header);

/// True for the lines of a project that read_project_head() has read. Blocks of which only some
/// lines are such are not among them.
[[nodiscard]] bool is_project_head(const RppLine& line);

/// Reads the rest of the tempo envelope that was just entered: what is not a point.
void read_tempo_block(RppReading& reading);

}  // namespace patchpipe
