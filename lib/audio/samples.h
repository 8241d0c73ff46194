// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Samples as they stand in a file.
#pragma once

#include <span>
#include <string>

#include "audio/audio_format.h"

namespace patchpipe {

/// Appends samples, 1.0 being full scale, little-endian. In 16 and 24 bits they are rounded to the
/// nearest step, ties to even, and clipped, and NaN is the lowest value; float32 keeps it all.
void append_samples(std::span<const float> samples, AudioFormat::Depth depth, std::string& bytes);

}  // namespace patchpipe
