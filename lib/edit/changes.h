// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sources that are another source with one change. Each reads block by block; memory does not grow
// with the length. What changes nothing is left out, so that samples keep every bit.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "edit/audio_source.h"
#include "edit/spool.h"

namespace patchpipe {

/// The frames from begin on, which must all be there.
[[nodiscard]] Audio part_of(Audio audio, std::int64_t begin, std::int64_t frames);

/// Channels of the source, counted from 0, in that order; one may appear more than once.
[[nodiscard]] Audio picked_channels(Audio audio, std::vector<int> channels);

/// One channel, the mean of all.
[[nodiscard]] Audio mono(Audio audio);

/// Backwards. Copies the audio into a temporary file without a name.
[[nodiscard]] Audio reversed(Audio audio);

/// As audio/resample.h does it. Throws what that throws.
[[nodiscard]] Audio resampled(Audio audio, int sample_rate);

struct Fade {
    std::int64_t frames = 0;  ///< longer than the audio: all of it
    int shape = 0;            ///< see audio/fade.h
    double curvature = 0;     ///< of a fade-in, which a fade-out mirrors
};

/// The first frame of a fade-in and the last of a fade-out have the gain 0.
[[nodiscard]] Audio faded(Audio audio, const Fade& in, const Fade& out);

/// Every sample times the gain.
[[nodiscard]] Audio amplified(Audio audio, double gain);

}  // namespace patchpipe
