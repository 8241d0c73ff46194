// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where an oscilloscope's picture begins, so that a sound that repeats stands still. As in
// corrscope each picture is put where it is most like the ones before it, and where the sound
// rises; here it also goes on in the phase that the period lets expect, and the memory of the
// pictures is stretched with the period, so that it holds through slides of the pitch.
//
// Pictures depend on those before. So that frames can be drawn in parallel, the memory begins anew
// at fixed places, some frames before each of a series of key frames: what a frame shows depends on
// the sound and on the frame's number, not on the frame that was drawn first.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "draw/channel_audio.h"
#include "draw/period.h"
#include "video/frame_rate.h"

namespace patchpipe {

class Trigger {
 public:
    /// Returns the pitch in Hz that plays at a time in seconds, where it is known.
    using KnownPitch = std::function<std::optional<double>(double time)>;

    /// window: the seconds of sound that are compared; it holds periods up to half of it.
    Trigger(ChannelAudio& audio, const FrameRate& rate, double window, KnownPitch known_pitch);

    /// The place in the audio, in its frames and with a fraction, that belongs into the middle of
    /// the video's frame of that number. Fastest in order.
    [[nodiscard]] double place(std::int64_t frame);

 private:
    struct Scores {
        std::vector<float> rise, memory;
    };

    void forget();
    [[nodiscard]] double step(std::int64_t frame);
    void read_window(std::int64_t middle);
    void find_period(double time);
    void stretch_memory(double ratio);
    void score_rises();
    void score_memory();
    [[nodiscard]] double best_offset(double expected) const;
    void remember(double offset);

    ChannelAudio& audio_;
    FrameRate rate_;
    KnownPitch known_pitch_;
    PeriodFinder periods_;
    std::int64_t per_point_;      // audio frames that are one point of all that follows
    std::int64_t half_, search_;  // points: of the window from its middle, and how far it may move
    std::int64_t key_distance_, warm_up_;  // video frames
    std::int64_t next_ = -1;               // the video frame whose turn it is

    std::vector<float> points_;           // search_ + half_ before and behind the middle
    std::vector<float> memory_;           // half_ before and behind its middle
    std::vector<double> sums_, squares_;  // of points_ up to each
    Scores scores_;
    std::optional<double> period_;  // points
    std::optional<double> last_;    // the place before, in audio frames
    bool remembers_ = false;
};

}  // namespace patchpipe
