// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An audio file as what the plug-in of a play link hears: read ahead, on a thread of its own.
#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "audio/audio_input.h"
#include "job/job_input.h"
#include "play/play_link.h"

namespace patchpipe {

struct InputSettings {
    std::string path;
    bool loop;  ///< from its beginning again at its end; else there is silence
    int sample_rate, inputs;
    std::string listener;  ///< the plug-in, for messages
};

class InputFeed {
 public:
    /// Opens the file. Throws Error as AudioInput does, and unsupported for an empty one that is to
    /// be looped.
    explicit InputFeed(InputSettings settings);
    ~InputFeed() { stop(); }
    InputFeed(const InputFeed&) = delete;
    InputFeed& operator=(const InputFeed&) = delete;

    /// The frames of the file at the plug-in's rate.
    [[nodiscard]] std::int64_t frames() const { return frames_; }

    /// Begins to write into the link. failed is called on the thread if the file cannot be read.
    void start(PlayLink& link, std::function<void()> failed);

    /// Waits for the thread, which ends when the link is stopped.
    void stop();

    /// What went wrong, or null.
    [[nodiscard]] std::exception_ptr failure() const { return has_failed_ ? failure_ : nullptr; }

 private:
    [[nodiscard]] std::unique_ptr<AudioInput> open() const;
    void feed(PlayLink& link);
    void read(std::span<float> samples);

    InputSettings settings_;
    JobInput file_;
    std::int64_t frames_, left_;  // left until the file ends, if it is looped
    std::unique_ptr<AudioInput> audio_;
    std::vector<std::vector<float>> channels_;
    std::exception_ptr failure_;
    std::atomic<bool> has_failed_{false};
    std::thread thread_;
};

}  // namespace patchpipe
