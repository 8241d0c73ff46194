// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The envelope of a whole piece of audio, as bars.
#pragma once

#include <vector>

#include "draw/channel_audio.h"

namespace patchpipe {

/// The mean distance from 0 in each of count equal parts, the greatest of them being 1; all 0 for
/// silence. Reads the whole audio.
[[nodiscard]] std::vector<double> envelope_of(ChannelAudio& audio, std::size_t count);

/// How many bars a picture of that width has.
[[nodiscard]] std::size_t bars_in(int width);

}  // namespace patchpipe
