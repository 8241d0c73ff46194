// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From one array a channel to frames, as files and hashes have them. For lib/audio itself.
#pragma once

#include <cstddef>

namespace patchpipe {

/// out has room for channel_count times frames samples.
inline void interleave(const float* const* channels, int channel_count, int frames, float* out) {
    const auto stride = static_cast<std::size_t>(channel_count);
    const auto length = static_cast<std::size_t>(frames);
    for (std::size_t channel = 0; channel < stride; ++channel) {
        const float* in = channels[channel];
        for (std::size_t i = 0; i < length; ++i) out[i * stride + channel] = in[i];
    }
}

}  // namespace patchpipe
