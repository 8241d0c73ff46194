// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where notes and strokes begin, found by the rise of the level in three bands of frequencies.
#pragma once

#include <cstdint>
#include <vector>

#include "edit/audio_source.h"

namespace patchpipe {

struct OnsetSettings {
    double threshold_db = 6;  ///< how much 5 ms must be above the 50 ms before them, in one band
    double gap = 0.05;        ///< seconds between two onsets, at least
};

/// The frames of the onsets, rising. Levels more than 50 dB below the loudest 5 ms of the audio are
/// silence, so an onset in what follows is one out of silence. A sound that the audio begins with
/// has its onset at frame 0 or shortly after. Reads the audio twice.
[[nodiscard]] std::vector<std::int64_t> find_onsets(AudioSource& audio,
                                                    const OnsetSettings& settings);

}  // namespace patchpipe
