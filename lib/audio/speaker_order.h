// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The order of channels in Ogg Vorbis and Opus, which differs from that of WAV files. libsndfile
// passes samples as they are in the file. Not here: choosing or mixing channels (edit/changes.h).
#pragma once

#include <span>

namespace patchpipe {

/// Reorders each frame from the order of a WAV file (L R C LFE Lb Rb Ls Rs, less what there is not)
/// to that of the Vorbis I specification, section 4.3.9, and of RFC 7845, 5.1.1.2. They differ with
/// 3, 5, 6, 7 and 8 channels.
void to_vorbis_order(std::span<float> samples, int channels);

/// The reverse.
void from_vorbis_order(std::span<double> samples, int channels);

}  // namespace patchpipe
