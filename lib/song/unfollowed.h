// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a song says of its sound and no mix follows. Not here: what single items and envelopes say,
// which is refused where it would be heard.
#pragma once

#include <vector>

#include "base/error.h"
#include "song/routing.h"
#include "song/song_model.h"

namespace patchpipe {

/// An Error unsupported for each thing of the song, and of its tracks that are heard: a rate of all
/// that plays, items that start later or earlier than they lie, and items that replace what is
/// below them.
[[nodiscard]] std::vector<Error> unfollowed(const SongModel& song, const Routing& routing);

}  // namespace patchpipe
