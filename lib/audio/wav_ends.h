// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The bytes before and after the samples of a WAV file, as libsndfile writes them. Not here: the
// samples (samples.h).
#pragma once

#include <string>

#include "audio/audio_format.h"

namespace patchpipe {

struct WavEnds {
    std::string header;
    std::string trailer;  ///< mostly empty; one byte if the samples have an odd number of bytes
};

/// Returns those of a file of format.frames frames, with its comment. Throws Error unsupported for
/// what WAV cannot hold.
[[nodiscard]] WavEnds wav_ends(const AudioFormat& format);

}  // namespace patchpipe
