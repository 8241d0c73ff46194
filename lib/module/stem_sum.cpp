// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "module/stem_sum.h"

#include <algorithm>
#include <vector>

#include "file/nameless_file.h"

namespace patchpipe {

StemSum::StemSum() : file_(nameless_file()) {}

// What has not been added is silent.
void StemSum::read(std::int64_t frame, std::span<double> sums) const {
    const auto frames = static_cast<std::int64_t>(sums.size() / 2);
    std::fill(sums.begin(), sums.end(), 0);
    if (const auto there = std::clamp<std::int64_t>(frames_ - frame, 0, frames); there > 0)
        read_samples<double>(file_.get(), frame, sums.first(static_cast<std::size_t>(2 * there)));
}

void StemSum::add(const PlayedAudio& audio) {
    std::vector<double> sums;
    std::int64_t frame = 0;
    for_each_block(audio, [&](const std::vector<float>& block) {
        sums.resize(block.size());
        read(frame, sums);
        std::transform(block.begin(), block.end(), sums.begin(), sums.begin(),
                       [](float sample, double sum) { return sum + sample; });
        write_samples<double>(file_.get(), frame, sums);
        frame += static_cast<std::int64_t>(block.size() / 2);
    });
    frames_ = std::max(frames_, frame);
}

PlayedAudio StemSum::rest_of(const PlayedAudio& mix) const {
    PlayedAudio rest{.file = nameless_file(), .frames = mix.frames};
    std::vector<double> sums;
    std::int64_t frame = 0;
    for_each_block(mix, [&](std::vector<float>& block) {
        sums.resize(block.size());
        read(frame, sums);
        std::transform(block.begin(), block.end(), sums.begin(), block.begin(),
                       [](float sample, double sum) { return static_cast<float>(sample - sum); });
        write_samples<float>(rest.file.get(), frame, block);
        frame += static_cast<std::int64_t>(block.size() / 2);
    });
    return rest;
}

PlayedAudio StemSum::audio() const {
    PlayedAudio audio{.file = nameless_file(), .frames = frames_};
    constexpr std::int64_t block_frames = 8192;
    std::vector<double> sums;
    for (std::int64_t frame = 0; frame < frames_; frame += block_frames) {
        sums.resize(static_cast<std::size_t>(2 * std::min(block_frames, frames_ - frame)));
        read_samples<double>(file_.get(), frame, sums);
        const std::vector<float> samples(sums.begin(), sums.end());
        write_samples<float>(audio.file.get(), frame, samples);
    }
    return audio;
}

}  // namespace patchpipe
