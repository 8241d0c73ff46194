// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How much is left when one answer is subtracted from another of the same signal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "measure/response.h"

namespace patchpipe {

/// The longest lag that is found, either way, in frames: 47 seconds at 44100 Hz.
inline constexpr std::size_t most_lag = std::size_t{1} << 21;

struct NullTest {
    std::int64_t lag = 0;   ///< frames by which the other comes later
    bool identical = true;  ///< but for the lag, sample by sample
    /// The residual's mean square against that of the first, over the frames that both have after
    /// the lag is taken out; nothing if there is no residual or the first is silent.
    std::optional<double> residual_db = {};
    std::optional<double> residual_peak_db = {};  ///< the greatest difference, against full scale
    Channels residual = {};  ///< the first minus the other, from frame 0 of both
};

/// Both have as many channels and frames, and finite samples. The lag is where the magnitude of the
/// cross-correlation, added up over the channels, is greatest. Takes up to 400 MiB for that.
[[nodiscard]] NullTest null_test(const Channels& one, const Channels& other);

}  // namespace patchpipe
