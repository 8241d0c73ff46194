// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "edit/sound_bounds.h"

#include <algorithm>
#include <cmath>

namespace patchpipe {
namespace {

class SoundBounds {
 public:
    SoundBounds(std::int64_t gap, std::int64_t hold) : gap_(gap), hold_(hold) {}

    void add(std::int64_t frame) {
        if (!sound_ || frame - sound_->end >= gap_) {
            end_sound();
            sound_ = FrameRange{frame, frame};
        }
        sound_->end = frame + 1;
    }

    [[nodiscard]] std::optional<FrameRange> finish() {
        end_sound();
        return all_;
    }

 private:
    void end_sound() {
        if (!sound_ || sound_->end - sound_->begin < hold_) return;
        all_ = FrameRange{all_ ? all_->begin : sound_->begin, sound_->end};
    }

    std::int64_t gap_, hold_;
    std::optional<FrameRange> sound_, all_;
};

}  // namespace

std::optional<FrameRange> sound_bounds(AudioSource& audio, double threshold, std::int64_t hold) {
    constexpr int gaps_per_second = 20;
    SoundBounds bounds(audio.sample_rate() / gaps_per_second, hold);
    const auto channels = static_cast<std::size_t>(audio.channels());
    std::int64_t frame = 0;
    for_each_block(audio, [&](std::span<const double> samples) {
        for (; !samples.empty(); samples = samples.subspan(channels), ++frame) {
            const auto of_frame = samples.first(channels);
            if (std::any_of(of_frame.begin(), of_frame.end(),
                            [&](double sample) { return !(std::abs(sample) <= threshold); }))
                bounds.add(frame);
        }
    });
    return bounds.finish();
}

}  // namespace patchpipe
