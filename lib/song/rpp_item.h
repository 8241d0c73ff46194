// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads an item of a REAPER file with its takes. Only for lib/song.
#pragma once

#include <string>

#include "song/rpp_lanes.h"
#include "song/rpp_reading.h"

namespace patchpipe {

/// Reads the item that was just entered. The first take has the item's id, the second that with
/// ".2" behind it.
void read_item(RppReading& reading, const std::string& track, const std::string& id,
               const FixedLanes& lanes);

}  // namespace patchpipe
