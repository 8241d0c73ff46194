// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Samples as they stand in a file.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "audio/audio_format.h"

namespace patchpipe {

/// Appends samples, 1.0 being full scale, little-endian. In 16 and 24 bits they are rounded to the
/// nearest step, ties to even, and clipped, and NaN is the lowest value; float32 keeps it all.
void append_samples(std::span<const float> samples, AudioFormat::Depth depth, std::string& bytes);

/// The same steps of 16 or 24 bits in the upper bits of 32, in the place of what steps held.
void quantise(std::span<const float> samples, AudioFormat::Depth depth,
              std::vector<std::int32_t>& steps);

/// The samples between -1 and 1, in the place of what clipped held; NaN becomes -1.
void clip(std::span<const float> samples, std::vector<float>& clipped);

}  // namespace patchpipe
