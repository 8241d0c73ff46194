// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "stretch/stretcher.h"

#include <rubberband/RubberBandStretcher.h>
#include <algorithm>
#include <string>
#include <utility>

#include "base/error.h"

namespace patchpipe {
namespace {

using RubberBand::RubberBandStretcher;

// One thread, so that the bits are the same everywhere.
constexpr int options =
    RubberBandStretcher::OptionProcessOffline | RubberBandStretcher::OptionEngineFiner |
    RubberBandStretcher::OptionThreadingNever | RubberBandStretcher::OptionChannelsTogether;

constexpr std::size_t block_frames = 1024;

void check_ratio(double ratio, const char* what) {
    if (ratio >= 1 / Stretcher::greatest_ratio && ratio <= Stretcher::greatest_ratio) return;
    refuse_unsupported("stretching",
                       std::string("changes ") + what + " more than " +
                           std::to_string(static_cast<int>(Stretcher::greatest_ratio)) +
                           " times; do it in several steps");
}

}  // namespace

Stretcher::Stretcher(const Settings& settings, std::int64_t source_frames, Feed feed)
    : channels_(static_cast<std::size_t>(settings.channels)),
      source_left_(source_frames),
      feed_(std::move(feed)),
      planes_(channels_, std::vector<float>(block_frames)) {
    check_ratio(settings.time_ratio, "the length");
    check_ratio(settings.pitch_scale, "the pitch");
    stretcher_ = std::make_unique<RubberBandStretcher>(
        static_cast<std::size_t>(settings.sample_rate), channels_, options, settings.time_ratio,
        settings.pitch_scale);
    stretcher_->setExpectedInputDuration(static_cast<std::size_t>(source_frames));
    stretcher_->setMaxProcessSize(block_frames);
}

Stretcher::~Stretcher() = default;

void Stretcher::read(std::span<double> samples) {
    while (ready_.size() - taken_ < samples.size() && source_left_ > 0) process();
    const auto count = std::min(samples.size(), ready_.size() - taken_);
    std::copy_n(ready_.begin() + static_cast<std::ptrdiff_t>(taken_), count, samples.begin());
    std::fill(samples.begin() + static_cast<std::ptrdiff_t>(count), samples.end(), 0);
    taken_ += count;
}

void Stretcher::process() {
    ready_.erase(ready_.begin(), ready_.begin() + static_cast<std::ptrdiff_t>(taken_));
    taken_ = 0;
    const auto frames =
        static_cast<std::size_t>(std::min<std::int64_t>(block_frames, source_left_));
    block_.resize(frames * channels_);
    feed_(block_);
    source_left_ -= static_cast<std::int64_t>(frames);
    std::vector<const float*> inputs;
    for (std::size_t channel = 0; channel < channels_; ++channel) {
        for (std::size_t i = 0; i < frames; ++i)
            planes_[channel][i] = static_cast<float>(block_[i * channels_ + channel]);
        inputs.push_back(planes_[channel].data());
    }
    stretcher_->process(inputs.data(), frames, source_left_ == 0);
    retrieve();
}

void Stretcher::retrieve() {
    std::vector<float*> outputs;
    for (auto& plane : planes_) outputs.push_back(plane.data());
    for (int left = stretcher_->available(); left > 0; left = stretcher_->available()) {
        const auto wanted = std::min(block_frames, static_cast<std::size_t>(left));
        const auto frames = stretcher_->retrieve(outputs.data(), wanted);
        for (std::size_t i = 0; i < frames; ++i)
            for (const auto& plane : planes_) ready_.push_back(double{plane[i]});
    }
}

}  // namespace patchpipe
