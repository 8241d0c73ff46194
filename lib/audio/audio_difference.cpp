// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/audio_difference.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace patchpipe {
namespace {

constexpr int block_frames = 4096;

// A reader and the block that it read last.
class Side {
 public:
    explicit Side(AudioReader& reader)
        : reader_(reader),
          channels_(static_cast<std::size_t>(reader.channels())),
          samples_(channels_ * block_frames) {}

    int read() { return reader_.read(samples_.data(), block_frames); }
    [[nodiscard]] std::size_t channels() const { return channels_; }
    [[nodiscard]] const double* frame(int index) const {
        return samples_.data() + static_cast<std::size_t>(index) * channels_;
    }

 private:
    AudioReader& reader_;
    std::size_t channels_;
    std::vector<double> samples_;
};

double distance(double a, double b) {
    if (a == b) return 0;
    if (std::isnan(a) && std::isnan(b)) return 0;
    const double distance = std::abs(a - b);
    return std::isnan(distance) ? std::numeric_limits<double>::infinity() : distance;
}

// Compares the frames that both blocks have. The block begins at frame begin.
void compare_block(const Side& a, const Side& b, int frames, std::int64_t begin, double tolerance,
                   AudioDifference& found) {
    const auto channels = std::min(a.channels(), b.channels());
    for (int i = 0; i < frames; ++i) {
        for (std::size_t channel = 0; channel < channels; ++channel) {
            const double difference = distance(a.frame(i)[channel], b.frame(i)[channel]);
            found.max = std::max(found.max, difference);
            found.sum_of_squares += difference * difference;
            if (difference <= tolerance) continue;
            ++found.differing_samples;
            if (!found.first_frame) found.first_frame = begin + i;
        }
    }
    found.samples += frames * static_cast<std::int64_t>(channels);
}

}  // namespace

bool AudioDifference::equal() const {
    return same_channels && same_sample_rate && frames_a == frames_b && differing_samples == 0;
}

std::optional<double> AudioDifference::max_db() const {
    if (!(max > 0)) return {};
    return 20 * std::log10(max);
}

std::optional<double> AudioDifference::rms_db() const {
    if (!(sum_of_squares > 0)) return {};
    return 10 * std::log10(sum_of_squares / static_cast<double>(samples));
}

AudioDifference compare_audio(AudioReader& a, AudioReader& b, double tolerance, bool only_whether) {
    AudioDifference found;
    found.same_channels = a.channels() == b.channels();
    found.same_sample_rate =
        !a.sample_rate() || !b.sample_rate() || *a.sample_rate() == *b.sample_rate();
    Side side_a(a), side_b(b);
    while (!only_whether || found.equal()) {
        const int frames_a = side_a.read(), frames_b = side_b.read();
        if (frames_a == 0 && frames_b == 0) break;
        compare_block(side_a, side_b, std::min(frames_a, frames_b), found.frames_a, tolerance,
                      found);
        found.frames_a += frames_a;
        found.frames_b += frames_b;
    }
    return found;
}

}  // namespace patchpipe
