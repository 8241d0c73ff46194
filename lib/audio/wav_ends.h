// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stands around the samples of a WAV file, as libsndfile writes it. Not here: the samples
// (samples.h).
#pragma once

#include <string>

#include "audio/audio_format.h"

namespace patchpipe {

struct WavEnds {
    std::string header;
    std::string trailer;  ///< mostly empty; a byte where the samples are an odd number of bytes
};

/// For a file of format.frames frames, with its comment. Throws Error unsupported for what WAV
/// cannot hold.
[[nodiscard]] WavEnds wav_ends(const AudioFormat& format);

}  // namespace patchpipe
