// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The gain that brings audio to a level.
#pragma once

#include <optional>

#include "edit/audio_source.h"

namespace patchpipe {

enum class Level {
    peak,       ///< the greatest magnitude of a sample, in dBFS
    true_peak,  ///< that between the samples as well, in dBTP; see audio/true_peak.h
    loudness,   ///< integrated, in LUFS; see loudness/loudness_meter.h
};

/// Throws Error unsupported if this build cannot measure it: loudness needs libebur128.
void check_level(Level level);

/// The gain, linear, at which the audio has that level, or less if a sample would exceed the limit,
/// in dBFS. 1 for audio that has no level: digital silence, and for loudness what is below its
/// gate. Throws what check_level() does, and Error unsupported if the level is not defined for so
/// many channels or that rate. Reads the audio once.
[[nodiscard]] double normalising_gain(AudioSource& audio, Level level, double target_db,
                                      std::optional<double> limit_db);

}  // namespace patchpipe
