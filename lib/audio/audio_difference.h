// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How two pieces of audio differ, sample by sample. Not here: reading them (audio_reader.h).
#pragma once

#include <cstdint>
#include <optional>

#include "audio/audio_reader.h"

namespace patchpipe {

/// Levels and counts cover the frames and channels that both have. A sample that is NaN or infinite
/// on one side only differs infinitely; NaN equals NaN.
struct AudioDifference {
    bool same_channels = true, same_sample_rate = true;  ///< an unknown rate equals any
    std::int64_t frames_a = 0, frames_b = 0;
    double max = 0;  ///< linear, 1.0 being full scale
    std::int64_t samples = 0, differing_samples = 0;
    std::optional<std::int64_t> first_frame;  ///< the first with a differing sample

    double sum_of_squares = 0;

    [[nodiscard]] bool equal() const;
    /// In dB below full scale; nothing if there is no difference.
    [[nodiscard]] std::optional<double> max_db() const;
    [[nodiscard]] std::optional<double> rms_db() const;
};

/// Reads both to their ends. A sample differs if the difference is more than tolerance, which is
/// linear. With only_whether, reading stops at the first difference, and only equal() is valid
/// then. Throws what AudioReader::read does.
[[nodiscard]] AudioDifference compare_audio(AudioReader& a, AudioReader& b, double tolerance,
                                            bool only_whether);

}  // namespace patchpipe
