// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Converts samples to the form that they have in a file.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "audio/audio_format.h"

namespace patchpipe {

/// Appends samples, 1.0 being full scale, in little-endian order. In 16 and 24 bits they are
/// rounded to the nearest step, ties to even, and clipped, and NaN becomes the lowest value;
/// float32 stores them exactly.
void append_samples(std::span<const float> samples, AudioFormat::Depth depth, std::string& bytes);

/// Turns samples in little-endian order into big-endian order.
void reverse_samples(std::string& bytes, AudioFormat::Depth depth);

/// Replaces the contents of steps by the same steps of 16 or 24 bits, in the upper bits of 32.
void quantise(std::span<const float> samples, AudioFormat::Depth depth,
              std::vector<std::int32_t>& steps);

/// Replaces the contents of clipped by the samples limited to -1 to 1; NaN becomes -1.
void clip(std::span<const float> samples, std::vector<float>& clipped);

}  // namespace patchpipe
