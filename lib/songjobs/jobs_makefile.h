// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A Makefile that renders the jobs of a song, and mixes it.
#pragma once

#include <string>
#include <vector>

#include "record/record.h"
#include "songjobs/work_folder.h"

namespace patchpipe {

struct MakefileSettings {
    std::string folder;                ///< where the command is run
    std::vector<std::string> command;  ///< that writes the Makefile again; empty: it stays as it is
    std::string song_path;             ///< of what is mixed
    int sample_rate = 44100;           ///< Hz, of the mix
    std::string song_hash;             ///< changes when that song or a file that it plays does
};

/// The Makefile's text. Each job is a file jobs/ID.json in the folder, which is written here; if
/// its bytes change make renders it again. Throws UsageError if the folder's name has characters
/// that make does not take, or another name or the command a line break.
[[nodiscard]] std::string jobs_makefile(const std::vector<Record>& jobs, const WorkFolder& folder,
                                        const MakefileSettings& settings);

}  // namespace patchpipe
