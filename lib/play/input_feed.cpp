// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "play/input_feed.h"

#include <fcntl.h>
#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/error.h"
#include "midi/time_map.h"

namespace patchpipe {
namespace {

constexpr std::size_t piece_frames = 256;

}  // namespace

InputFeed::InputFeed(InputSettings settings)
    : settings_(std::move(settings)),
      file_(settings_.path, settings_.sample_rate),
      frames_(frame_at(file_.duration(), settings_.sample_rate)),
      left_(frames_),
      audio_(open()),
      channels_(static_cast<std::size_t>(settings_.inputs), std::vector<float>(piece_frames)) {
    if (settings_.loop && frames_ == 0)
        throw Error(ErrorKind::unsupported, settings_.path, "is empty and cannot be looped");
}

void InputFeed::stop() {
    if (thread_.joinable()) thread_.join();
}

std::unique_ptr<AudioInput> InputFeed::open() const {
    Descriptor again(fcntl(file_.rewound(), F_DUPFD_CLOEXEC, 0));
    if (again.get() < 0) throw Error(ErrorKind::io, settings_.path, system_message(errno));
    return std::make_unique<AudioInput>(
        std::make_unique<AudioReader>(std::move(again), settings_.path), settings_.sample_rate,
        settings_.path, AudioListener{.channels = settings_.inputs, .name = settings_.listener});
}

void InputFeed::start(PlayLink& link, std::function<void()> failed) {
    thread_ = std::thread([this, &link, failed = std::move(failed)] {
        try {
            feed(link);
        } catch (...) {
            failure_ = std::current_exception();
            has_failed_ = true;
            failed();
        }
    });
}

void InputFeed::feed(PlayLink& link) {
    constexpr std::chrono::milliseconds look_again{100};
    auto& board = link.board();
    std::vector<float> piece(piece_frames * channels_.size());
    while (!board.stopped && !board.finished) {
        const auto seen = board.to_device.count();
        const auto room = link.input().room() / channels_.size();
        const auto samples =
            std::span(piece).first(std::min(room, piece_frames) * channels_.size());
        if (samples.empty()) {
            board.to_device.wait(seen, look_again);
            continue;
        }
        read(samples);
        link.input().write(samples);
        board.to_player.post();
    }
}

void InputFeed::read(std::span<float> samples) {
    const auto stride = channels_.size();
    for (std::size_t done = 0; done < samples.size() / stride;) {
        if (settings_.loop && left_ == 0) {
            audio_ = open();
            left_ = frames_;
        }
        auto count = samples.size() / stride - done;
        if (settings_.loop) count = std::min(count, static_cast<std::size_t>(left_));
        std::vector<float*> pointers;
        for (auto& channel : channels_) pointers.push_back(channel.data());
        audio_->read(pointers, static_cast<int>(count));
        for (std::size_t i = 0; i < count; ++i)
            for (std::size_t channel = 0; channel < stride; ++channel)
                samples[(done + i) * stride + channel] = channels_[channel][i];
        left_ -= static_cast<std::int64_t>(count);
        done += count;
    }
}

}  // namespace patchpipe
