// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a device takes the audio of a play link (play_link.h), and counts what it took.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>

#include "audio/meter.h"
#include "play/play_link.h"

namespace patchpipe {

class Tap {
 public:
    Tap(PlayLink& link, int channels) : link_(link), channels_(channels) {}

    [[nodiscard]] int channels() const { return channels_; }

    /// For an audio callback: fills the samples, whole frames, with what is there, and the rest
    /// with silence, which is an underrun unless all has been played. Neither waits nor allocates.
    /// False if there was nothing and nothing will come.
    [[nodiscard]] bool play(std::span<float> samples);

    /// Gives the player audio to hear, in as many channels as it has inputs. Call it after a play()
    /// of as many frames. Where that was an underrun it is dropped, so that the way from input to
    /// output never grows. Neither waits nor allocates.
    void hear(std::span<const float> samples);

    /// For a device that waits: takes at most so many samples as soon as there are some. Returns
    /// how many; 0 at the end.
    [[nodiscard]] std::size_t wait_and_take(std::span<float> samples);

    /// One that the device itself reports.
    void count_underrun() { ++underruns_; }
    [[nodiscard]] std::int64_t underruns() const { return underruns_; }

    /// No more will come: the process with the plug-in has gone.
    void end() { gone_ = true; }
    /// Nothing more is wanted.
    void stop() { stopped_ = true; }
    [[nodiscard]] bool stopped() const { return stopped_; }

    /// How many samples were not numbers. They are played as silence, and counted by the meter too.
    [[nodiscard]] std::int64_t non_finite_samples() const { return non_finite_; }

    /// What was taken, without silence that stood in for it.
    [[nodiscard]] std::int64_t frames() const { return frames_; }
    /// Only when the device has ended.
    [[nodiscard]] const Meter& meter() const { return meter_; }

 private:
    [[nodiscard]] std::size_t take(std::span<float> samples);
    void silence_non_finite(std::span<float> samples);
    [[nodiscard]] bool nothing_comes() const;

    PlayLink& link_;
    int channels_;
    Meter meter_;
    bool missed_ = false;  // in the last play()
    std::atomic<std::int64_t> frames_{0}, underruns_{0}, non_finite_{0};
    std::atomic<bool> gone_{false}, stopped_{false};
};

}  // namespace patchpipe
