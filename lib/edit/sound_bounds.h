// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the sound in audio begins and ends.
#pragma once

#include <cstdint>
#include <optional>

#include "edit/audio_source.h"

namespace patchpipe {

/// Half open: end is the frame behind the last.
struct FrameRange {
    std::int64_t begin, end;
};

/// From the first frame of the first sound to the last one of the last. A frame counts if a channel
/// exceeds the threshold, a magnitude; frames less than 50 ms apart are one sound, so that a low
/// note does not fall apart where it crosses zero; a sound shorter than hold, in frames, is
/// ignored. Returns nothing if there is no sound. Reads the audio once.
[[nodiscard]] std::optional<FrameRange> sound_bounds(AudioSource& audio, double threshold,
                                                     std::int64_t hold);

}  // namespace patchpipe
