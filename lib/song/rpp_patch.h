// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Changes a REAPER file to what song records say, and keeps every other byte. Not here: writing a
// new one (rpp_writer.h).
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "song/rpp_writer.h"
#include "song/song_model.h"

namespace patchpipe {

/// Passes on the bytes of the file at path, with the changes. Records are matched by their ids, as
/// song-read makes them. What has no record stays; a record with "removed": true is removed; one
/// with a new id is added. Throws Error.
void patch_rpp(const std::string& path, const SongModel& song, const RppWriteOptions& options,
               const std::function<void(std::string_view)>& put);

}  // namespace patchpipe
