// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "edit/changes.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "audio/fade.h"
#include "audio/resample.h"

namespace patchpipe {
namespace {

class Part : public AudioSource {
 public:
    Part(Audio audio, std::int64_t begin, std::int64_t frames)
        : AudioSource({audio->channels(), audio->sample_rate(), frames}),
          audio_(std::move(audio)),
          begin_(begin) {
        audio_->seek(begin_);
    }

    int read(double* samples, int frames) override {
        const auto wanted = std::min<std::int64_t>(frames, this->frames() - at_);
        const int got = audio_->read(samples, static_cast<int>(wanted));
        at_ += got;
        return got;
    }

    void seek(std::int64_t frame) override {
        audio_->seek(begin_ + frame);
        at_ = frame;
    }

 private:
    Audio audio_;
    std::int64_t begin_, at_ = 0;
};

// Makes each frame from the same frame of another source.
class FrameByFrame : public AudioSource {
 public:
    FrameByFrame(Audio audio, int channels)
        : AudioSource({channels, audio->sample_rate(), audio->frames()}),
          audio_(std::move(audio)) {}

    int read(double* samples, int frames) override {
        const auto channels = static_cast<std::size_t>(audio_->channels());
        block_.resize(channels * static_cast<std::size_t>(frames));
        const int got = audio_->read(block_.data(), frames);
        for (int frame = 0; frame < got; ++frame)
            convert(&block_[channels * static_cast<std::size_t>(frame)],
                    samples + std::ptrdiff_t{frame} * this->channels());
        return got;
    }

    void seek(std::int64_t frame) override { audio_->seek(frame); }

 protected:
    [[nodiscard]] int channels_before() const { return audio_->channels(); }

 private:
    virtual void convert(const double* from, double* to) const = 0;

    Audio audio_;
    std::vector<double> block_;
};

class Picked : public FrameByFrame {
 public:
    Picked(Audio audio, std::vector<int> channels)
        : FrameByFrame(std::move(audio), static_cast<int>(channels.size())),
          channels_(std::move(channels)) {}

 private:
    void convert(const double* from, double* to) const override {
        for (const int channel : channels_) *to++ = from[channel];
    }

    std::vector<int> channels_;
};

class Mono : public FrameByFrame {
 public:
    explicit Mono(Audio audio) : FrameByFrame(std::move(audio), 1) {}

 private:
    void convert(const double* from, double* to) const override {
        *to = std::accumulate(from, from + channels_before(), 0.0) / channels_before();
    }
};

class Reversed : public AudioSource {
 public:
    explicit Reversed(AudioSource& audio) : AudioSource(audio.form()), spool_(audio) {}

    int read(double* samples, int frames) override {
        const auto count = std::min<std::int64_t>(frames, this->frames() - at_);
        spool_.read(this->frames() - at_ - count, count, samples);
        for (std::int64_t low = 0, high = count - 1; low < high; ++low, --high)
            std::swap_ranges(samples + low * channels(), samples + (low + 1) * channels(),
                             samples + high * channels());
        at_ += count;
        return static_cast<int>(count);
    }

    void seek(std::int64_t frame) override { at_ = frame; }

 private:
    Spool spool_;
    std::int64_t at_ = 0;
};

class Resampled : public AudioSource {
 public:
    Resampled(Audio audio, int sample_rate)
        : AudioSource({audio->channels(), sample_rate,
                       resampled_frames(audio->frames(), audio->sample_rate(), sample_rate)}),
          audio_(std::move(audio)) {
        begin();
    }

    int read(double* samples, int frames) override {
        const auto wanted = static_cast<std::size_t>(frames) * width();
        while (ready_.size() - taken_ < wanted && !ended_) fill();
        const auto count = std::min(wanted, ready_.size() - taken_);
        std::copy_n(ready_.begin() + static_cast<std::ptrdiff_t>(taken_), count, samples);
        taken_ += count;
        return static_cast<int>(count / width());
    }

    // Only what is before the frame gives the filters their state.
    void seek(std::int64_t frame) override {
        audio_->seek(0);
        begin();
        std::vector<double> dropped(width() * block_frames);
        while (frame > 0)
            frame -=
                read(dropped.data(),
                     std::min<int>(block_frames,
                                   static_cast<int>(std::min<std::int64_t>(frame, block_frames))));
    }

 private:
    static constexpr int block_frames = 4096;

    [[nodiscard]] std::size_t width() const { return static_cast<std::size_t>(channels()); }

    void begin() {
        resampler_ = std::make_unique<Resampler>(audio_->sample_rate(), sample_rate(), channels());
        ready_.clear();
        taken_ = 0;
        ended_ = false;
    }

    void fill() {
        ready_.erase(ready_.begin(), ready_.begin() + static_cast<std::ptrdiff_t>(taken_));
        taken_ = 0;
        block_.resize(width() * block_frames);
        const auto got = static_cast<std::size_t>(audio_->read(block_.data(), block_frames));
        resampler_->add({block_.data(), got * width()}, ready_);
        if (got == 0) {
            resampler_->finish(ready_);
            ended_ = true;
        }
    }

    Audio audio_;
    std::unique_ptr<Resampler> resampler_;
    std::vector<double> ready_, block_;
    std::size_t taken_ = 0;
    bool ended_ = false;
};

// Multiplies each frame by a gain of its own.
class Scaled : public AudioSource {
 public:
    explicit Scaled(Audio audio) : AudioSource(audio->form()), audio_(std::move(audio)) {}

    int read(double* samples, int frames) override {
        const int got = audio_->read(samples, frames);
        for (int frame = 0; frame < got; ++frame, ++at_) {
            const double gain = gain_at(at_);
            for (int channel = 0; channel < channels(); ++channel) *samples++ *= gain;
        }
        return got;
    }

    void seek(std::int64_t frame) override {
        audio_->seek(frame);
        at_ = frame;
    }

 private:
    [[nodiscard]] virtual double gain_at(std::int64_t frame) const = 0;

    Audio audio_;
    std::int64_t at_ = 0;
};

class Faded : public Scaled {
 public:
    Faded(Audio audio, const Fade& in, const Fade& out)
        : Scaled(std::move(audio)), in_(in), out_(out) {
        for (auto* fade : {&in_, &out_}) fade->frames = std::min(fade->frames, frames());
    }

 private:
    [[nodiscard]] double gain_at(std::int64_t frame) const override {
        return rise(in_, frame) * rise(out_, frames() - 1 - frame);
    }

    // At so many frames from the end that is silent.
    [[nodiscard]] static double rise(const Fade& fade, std::int64_t frame) {
        if (frame >= fade.frames) return 1;
        return fade_gain(fade.shape, fade.curvature,
                         static_cast<double>(frame) / static_cast<double>(fade.frames));
    }

    Fade in_, out_;
};

class Amplified : public Scaled {
 public:
    Amplified(Audio audio, double gain) : Scaled(std::move(audio)), gain_(gain) {}

 private:
    [[nodiscard]] double gain_at(std::int64_t /*frame*/) const override { return gain_; }

    double gain_;
};

}  // namespace

Audio part_of(Audio audio, std::int64_t begin, std::int64_t frames) {
    if (begin < 0 || frames < 0 || begin + frames > audio->frames())
        throw std::logic_error("a part of audio that is not there");
    if (begin == 0 && frames == audio->frames()) return audio;
    return std::make_unique<Part>(std::move(audio), begin, frames);
}

Audio picked_channels(Audio audio, std::vector<int> channels) {
    return std::make_unique<Picked>(std::move(audio), std::move(channels));
}

Audio mono(Audio audio) {
    if (audio->channels() == 1) return audio;
    return std::make_unique<Mono>(std::move(audio));
}

Audio reversed(Audio audio) { return std::make_unique<Reversed>(*audio); }

Audio resampled(Audio audio, int sample_rate) {
    if (audio->sample_rate() == sample_rate) return audio;
    return std::make_unique<Resampled>(std::move(audio), sample_rate);
}

Audio faded(Audio audio, const Fade& in, const Fade& out) {
    if (in.frames == 0 && out.frames == 0) return audio;
    return std::make_unique<Faded>(std::move(audio), in, out);
}

Audio amplified(Audio audio, double gain) {
    if (gain == 1) return audio;
    return std::make_unique<Amplified>(std::move(audio), gain);
}

}  // namespace patchpipe
