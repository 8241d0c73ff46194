// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/audio_input.h"

#include <algorithm>

#include "audio/levels.h"
#include "base/error.h"

namespace patchpipe {
namespace {

constexpr int piece_frames = 4096;

int rate_of(const AudioReader& reader, int sample_rate) {
    return reader.sample_rate().value_or(sample_rate);
}

std::string channels_in_words(int count) {
    return std::to_string(count) + (count == 1 ? " channel" : " channels");
}

}  // namespace

double audio_duration(const AudioReader& reader, int sample_rate) {
    return static_cast<double>(reader.frames()) / rate_of(reader, sample_rate);
}

AudioInput::AudioInput(std::unique_ptr<AudioReader> reader, int sample_rate,
                       const std::string& name, const AudioListener& listener)
    : reader_(std::move(reader)),
      name_(name),
      file_channels_(static_cast<std::size_t>(reader_->channels())) {
    const int channels = reader_->channels();
    if (listener.channels == 0)
        throw Error(ErrorKind::unsupported, listener.name,
                    std::string("has no ") +
                        (listener.in_side_chain ? "side chain" : "audio input") + " for " + name);
    if (channels > listener.channels)
        throw Error(ErrorKind::unsupported, name,
                    "has " + channels_in_words(channels) + ", but " +
                        (listener.in_side_chain ? "the side chain of " : "") + listener.name +
                        " takes " + channels_in_words(listener.channels) + "; mix it down first");
    const int rate = rate_of(*reader_, sample_rate);
    if (rate != sample_rate) resampler_.emplace(rate, sample_rate, channels);
    piece_.resize(file_channels_ * piece_frames);
}

// Until so many frames wait, or the file has ended.
void AudioInput::fill(std::size_t frames) {
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(given_));
    given_ = 0;
    while (!ended_ && waiting_.size() < frames * file_channels_) {
        const auto count = static_cast<std::size_t>(reader_->read(piece_.data(), piece_frames));
        const std::span<const double> read(piece_.data(), count * file_channels_);
        if (find_non_finite(read))
            throw Error(ErrorKind::non_finite, name_,
                        "has samples that are not numbers (NaN or infinite); correct the file");
        ended_ = count < piece_frames;
        frames_read_ += static_cast<std::int64_t>(count);
        if (ended_ && frames_read_ < reader_->frames())
            throw Error(ErrorKind::io, name_, "was cut while it was read; render this job again");
        if (resampler_) {
            resampler_->add(read, waiting_);
            if (ended_) resampler_->finish(waiting_);
        } else {
            waiting_.insert(waiting_.end(), read.begin(), read.end());
        }
    }
}

void AudioInput::read(std::span<float* const> channels, int frames) {
    const auto wanted = static_cast<std::size_t>(frames);
    if (waiting_.size() - given_ < wanted * file_channels_) fill(wanted);
    const auto there = std::min(wanted, (waiting_.size() - given_) / file_channels_);
    for (std::size_t channel = 0; channel < channels.size(); ++channel) {
        const bool mono = file_channels_ == 1;
        const bool heard = mono || channel < file_channels_;
        const double* from = waiting_.data() + given_ + (mono || !heard ? 0 : channel);
        for (std::size_t i = 0; i < there; ++i)
            channels[channel][i] = heard ? static_cast<float>(from[i * file_channels_]) : 0;
        std::fill(channels[channel] + there, channels[channel] + wanted, 0.0F);
    }
    given_ += there * file_channels_;
}

}  // namespace patchpipe
