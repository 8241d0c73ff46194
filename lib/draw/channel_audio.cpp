// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "draw/channel_audio.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "audio/cut_audio.h"
#include "base/error.h"

namespace patchpipe {
namespace {

constexpr int usual_rate = 44100;
constexpr std::int64_t block_frames = 4096;
constexpr std::int64_t kept_frames = std::int64_t{1} << 18;  // behind the last window

// A record may name a pipe that nobody writes to, and what is in one can be read only once.
const std::string& no_pipe(const std::string& path) {
    std::error_code unseen;
    if (std::filesystem::is_fifo(path, unseen))
        refuse_unsupported(path, "is a pipe, and a view reads its audio again; write it to a file");
    return path;
}

}  // namespace

ChannelAudio::ChannelAudio(const std::string& path)
    : reader_(no_pipe(path)),
      sample_rate_(reader_.sample_rate().value_or(usual_rate)),
      frames_(reader_.frames()) {
    refuse_unless_all_is_read(path);
}

void ChannelAudio::read_until(std::int64_t end) {
    const auto channels = static_cast<std::size_t>(reader_.channels());
    while (begin_ + static_cast<std::int64_t>(have_.size()) < end) {
        block_.resize(block_frames * channels);
        const int got = reader_.read(block_.data(), block_frames);
        if (got == 0) {
            frames_ = begin_ + static_cast<std::int64_t>(have_.size());  // less than it said
            return;
        }
        for (std::size_t i = 0; i < static_cast<std::size_t>(got); ++i) {
            double sum = 0;
            for (std::size_t channel = 0; channel < channels; ++channel)
                sum += block_[i * channels + channel];
            const double mean = sum / static_cast<double>(channels);
            // Float files may have anything.
            constexpr double loudest = 1e6;
            have_.push_back(
                std::isnan(mean) ? 0 : static_cast<float>(std::clamp(mean, -loudest, loudest)));
        }
    }
}

std::span<const float> ChannelAudio::window(std::int64_t begin, std::int64_t count) {
    const auto first = std::clamp<std::int64_t>(begin, 0, frames_);
    const auto end = std::clamp<std::int64_t>(begin + count, first, frames_);
    if (first < begin_ || first > begin_ + static_cast<std::int64_t>(have_.size()) + kept_frames) {
        reader_.seek(first);
        begin_ = first;
        have_.clear();
    }
    if (first > begin_ + kept_frames + kept_frames) {
        const auto gone = std::min<std::int64_t>(first - kept_frames - begin_,
                                                 static_cast<std::int64_t>(have_.size()));
        have_.erase(have_.begin(), have_.begin() + gone);
        begin_ += gone;
    }
    read_until(end);
    const auto there = std::min(end, frames_);
    if (first == begin && there == begin + count)
        return {have_.data() + (begin - begin_), static_cast<std::size_t>(count)};
    silence_.assign(static_cast<std::size_t>(count), 0);
    if (there > first)
        std::copy(have_.begin() + (first - begin_), have_.begin() + (there - begin_),
                  silence_.begin() + (first - begin));
    return silence_;
}

double ChannelAudio::peak() {
    double peak = 0;
    for (std::int64_t at = 0; at < frames_; at += block_frames)
        for (const float sample : window(at, block_frames))
            peak = std::max(peak, static_cast<double>(std::abs(sample)));
    return peak;
}

}  // namespace patchpipe
