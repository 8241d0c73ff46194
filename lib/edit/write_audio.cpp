// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "edit/write_audio.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "audio/audio_writer.h"
#include "base/error.h"

namespace patchpipe {
namespace {

// Noise from -1 to 1, more of it near 0, that depends on its place only. The mixing is
// SplitMix64's.
class Noise {
 public:
    double next() {
        constexpr double half = 0x1p-32;
        std::uint64_t mixed = state_ += 0x9e3779b97f4a7c15;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        mixed ^= mixed >> 31;
        return (static_cast<double>(mixed >> 32) - static_cast<double>(mixed & 0xffffffff)) * half;
    }

 private:
    std::uint64_t state_ = 0;
};

// Rounds to the steps of a depth, in full-scale samples, which float32 holds exactly.
class Rounding {
 public:
    Rounding(AudioFormat::Depth depth, bool dither)
        : steps_(1 / static_cast<double>(one_step(depth))), dither_(dither) {}

    float operator()(double sample) {
        const double noise = dither_ ? noise_.next() : 0;
        const double step = std::nearbyint(sample * steps_ + noise);
        return static_cast<float>(std::clamp(step, -steps_, steps_ - 1) / steps_);
    }

 private:
    double steps_;
    bool dither_;
    Noise noise_;
};

void check_finite(std::span<const double> samples, std::int64_t frame, int channels) {
    for (std::size_t i = 0; i < samples.size(); ++i)
        if (!std::isfinite(static_cast<float>(samples[i])))
            throw Error(
                ErrorKind::non_finite, "audio",
                "the result has a sample that is not a number (NaN or infinite), in frame " +
                    std::to_string(frame + static_cast<std::int64_t>(i) / channels) +
                    "; correct the input, or leave that part out");
}

}  // namespace

class AudioFileWriter::Open {
 public:
    Open(const std::string& path, const AudioFormat& format, bool dither)
        : file_(path),
          writer_(file_.fd(), file_.straight() ? Medium::stream : Medium::file, format, path),
          channels_(format.channels),
          stepped_(has_depth(format.container) && format.depth != AudioFormat::Depth::float32),
          rounded_(format.depth, dither) {
        file_.keep_mode();
    }

    void write(std::span<const double> samples) {
        check_finite(samples, frame_, channels_);
        frame_ += static_cast<std::int64_t>(samples.size()) / channels_;
        block_.assign(samples.begin(), samples.end());
        meter_.add(block_);
        if (stepped_)
            std::transform(samples.begin(), samples.end(), block_.begin(),
                           [&](double sample) { return rounded_(sample); });
        writer_.write(block_);
    }

    Meter close(Sync sync) {
        writer_.close();
        file_.commit(sync);
        return std::move(meter_);
    }

 private:
    WholeFile file_;
    AudioWriter writer_;
    int channels_;
    bool stepped_;
    Rounding rounded_;
    Meter meter_;
    std::vector<float> block_;
    std::int64_t frame_ = 0;
};

AudioFileWriter::AudioFileWriter(const std::string& path, const AudioFormat& format, bool dither)
    : open_(std::make_unique<Open>(path, format, dither)) {}

AudioFileWriter::~AudioFileWriter() = default;

void AudioFileWriter::write(std::span<const double> samples) { open_->write(samples); }

Meter AudioFileWriter::close(Sync sync) { return open_->close(sync); }

Meter write_audio(AudioSource& audio, const std::string& path, AudioFormat format, bool dither,
                  Sync sync) {
    format.channels = audio.channels();
    format.sample_rate = audio.sample_rate();
    format.frames = audio.frames();
    AudioFileWriter writer(path, format, dither);
    for_each_block(audio, [&](std::span<const double> samples) { writer.write(samples); });
    return writer.close(sync);
}

bool has_depth(AudioFormat::Container container) {
    using Container = AudioFormat::Container;
    return container != Container::npy && container != Container::ogg &&
           container != Container::opus && container != Container::mp3 &&
           container != Container::m4a;
}

}  // namespace patchpipe
