// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Parts of an audio file as one channel, wherever they are asked for: in order, mostly. Memory does
// not grow with the file.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "audio/audio_reader.h"

namespace patchpipe {

class ChannelAudio {
 public:
    /// Throws as AudioReader does; Error unsupported for a pipe and for a rate above 768000 Hz, and
    /// corrupt for a file that is cut short.
    explicit ChannelAudio(const std::string& path);

    /// In Hz; 44100 for a file without a rate.
    [[nodiscard]] int sample_rate() const { return sample_rate_; }
    [[nodiscard]] std::int64_t frames() const { return frames_; }
    [[nodiscard]] double seconds() const { return static_cast<double>(frames_) / sample_rate_; }

    /// The mean of all channels in count frames from begin on, which may be before the file's
    /// beginning or behind its end: there is silence. It is valid until the next call.
    [[nodiscard]] std::span<const float> window(std::int64_t begin, std::int64_t count);

    /// The greatest distance from 0 of the mean of all channels; reads the whole file.
    [[nodiscard]] double peak();

 private:
    void read_until(std::int64_t end);

    AudioReader reader_;
    int sample_rate_;
    std::int64_t frames_;
    std::int64_t begin_ = 0;      // the frame that have_ begins with
    std::vector<float> have_;     // up to the frame that the reader gives next
    std::vector<float> silence_;  // a window that goes beyond the file
    std::vector<double> block_;
};

}  // namespace patchpipe
