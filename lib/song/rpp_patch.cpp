// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/rpp_patch.h"

#include "song/rpp_patcher.h"

namespace patchpipe {

void patch_rpp(const std::string& path, const SongModel& song, const RppWriteOptions& options,
               const std::function<void(std::string_view)>& put) {
    RppPatcher(path, song, options, put).run();
}

}  // namespace patchpipe
