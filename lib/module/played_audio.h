// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Audio that was played into a temporary file, and what is done with it block by block.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "audio/meter.h"
#include "base/descriptor.h"
#include "base/error.h"
#include "file/offset.h"

namespace patchpipe {

/// Audio in a file without a name: interleaved stereo, float32, as the machine has it.
struct PlayedAudio {
    Descriptor file;
    std::int64_t frames = 0;
};

/// Fills samples from a file of stereo frames of these, from that frame on. Throws Error io.
template <typename Sample>
void read_samples(int fd, std::int64_t frame, std::span<Sample> samples) {
    const auto offset = frame * 2 * static_cast<std::int64_t>(sizeof(Sample));
    if (read_at(fd, offset, samples.data(), samples.size_bytes(), "the audio") !=
        samples.size_bytes())
        throw Error(ErrorKind::io, "the audio", "is cut");
}

/// Writes them there. Throws Error io.
template <typename Sample>
void write_samples(int fd, std::int64_t frame, std::span<const Sample> samples) {
    const auto offset = frame * 2 * static_cast<std::int64_t>(sizeof(Sample));
    write_at(fd, offset, {reinterpret_cast<const char*>(samples.data()), samples.size_bytes()},
             "the audio");
}

/// Calls use with the samples of all frames, in blocks that it may change.
template <typename Use>
void for_each_block(const PlayedAudio& audio, Use use) {
    constexpr std::int64_t block_frames = 8192;
    std::vector<float> block;
    for (std::int64_t frame = 0; frame < audio.frames; frame += block_frames) {
        const auto count = std::min(block_frames, audio.frames - frame);
        block.resize(static_cast<std::size_t>(2 * count));
        read_samples<float>(audio.file.get(), frame, block);
        use(block);
    }
}

[[nodiscard]] Meter measured(const PlayedAudio& audio);

}  // namespace patchpipe
