// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "module/played_audio.h"

namespace patchpipe {

Meter measured(const PlayedAudio& audio) {
    Meter meter;
    for_each_block(audio, [&](const std::vector<float>& block) { meter.add(block); });
    return meter;
}

}  // namespace patchpipe
