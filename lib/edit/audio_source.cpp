// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "edit/audio_source.h"

#include <vector>

namespace patchpipe {

void for_each_block(AudioSource& audio, const std::function<void(std::span<const double>)>& take) {
    constexpr int block_frames = 4096;
    const auto channels = static_cast<std::size_t>(audio.channels());
    std::vector<double> block(channels * block_frames);
    audio.seek(0);
    while (const int frames = audio.read(block.data(), block_frames))
        take({block.data(), channels * static_cast<std::size_t>(frames)});
}

}  // namespace patchpipe
