// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/resample.h"

#include <soxr.h>
#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "base/error.h"

namespace patchpipe {
namespace {

void check(soxr_error_t error) {
    if (error) throw std::runtime_error(std::string("libsoxr: ") + error);
}

// libsoxr chooses between code for several processors, and their last bits differ. The code for all
// of them is nearly as fast.
void use_code_for_every_processor() { ::setenv("SOXR_USE_SIMD", "0", 1); }

soxr_t create(std::int64_t from_rate, std::int64_t to_rate, int channels) {
    use_code_for_every_processor();
    auto format = soxr_io_spec(SOXR_FLOAT64_I, SOXR_FLOAT64_I);
    format.flags = SOXR_NO_DITHER;
    // Without the precise clock a ratio such as 44100 to 44101 drifts in a long file. The other
    // flag keeps the treble flat, which otherwise falls by up to 0.01 dB.
    const auto quality = soxr_quality_spec(SOXR_VHQ, SOXR_HI_PREC_CLOCK | SOXR_ROLLOFF_NONE);
    const auto threads = soxr_runtime_spec(1);
    soxr_error_t error = nullptr;
    const auto made =
        soxr_create(static_cast<double>(from_rate), static_cast<double>(to_rate),
                    static_cast<unsigned>(channels), &error, &format, &quality, &threads);
    check(error);
    return made;
}

}  // namespace

std::int64_t resampled_frames(std::int64_t frames, std::int64_t from_rate, std::int64_t to_rate) {
    using Wide = __int128;
    return static_cast<std::int64_t>((2 * Wide{frames} * to_rate + from_rate) /
                                     (2 * Wide{from_rate}));
}

void Resampler::Delete::operator()(soxr* resampler) const { soxr_delete(resampler); }

Resampler::Resampler(std::int64_t from_rate, std::int64_t to_rate, int channels)
    : from_(from_rate), to_(to_rate), channels_(static_cast<std::size_t>(std::max(channels, 0))) {
    if (from_rate < 1 || to_rate < 1 || channels < 1)
        throw std::invalid_argument("resampling needs positive rates and a channel");
    // Divided rather than multiplied, which could overflow.
    if ((from_rate - 1) / greatest_ratio >= to_rate || (to_rate - 1) / greatest_ratio >= from_rate)
        refuse_unsupported(
            "resampling from " + std::to_string(from_rate) + " to " + std::to_string(to_rate),
            "changes the rate more than " + std::to_string(greatest_ratio) +
                " times; do it in several steps");
    if (from_rate != to_rate) soxr_.reset(create(from_rate, to_rate, channels));
}

Resampler::~Resampler() = default;

void Resampler::add(std::span<const double> samples, std::vector<double>& out) {
    frames_in_ += static_cast<std::int64_t>(samples.size() / channels_);
    if (soxr_) return process(samples, out);
    out.insert(out.end(), samples.begin(), samples.end());
}

void Resampler::process(std::span<const double> samples, std::vector<double>& out) {
    constexpr std::size_t piece = 4096;  // frames
    for (std::size_t made = piece; made == piece || !samples.empty();) {
        const auto before = out.size();
        out.resize(before + piece * channels_);
        std::size_t taken = 0;
        check(soxr_process(soxr_.get(), samples.data(), samples.size() / channels_, &taken,
                           &out[before], piece, &made));
        samples = samples.subspan(taken * channels_);
        out.resize(before + made * channels_);
        samples_out_ += static_cast<std::int64_t>(made * channels_);
    }
}

// libsoxr's own end rounds the length as a double does. Silence after the last frame brings out the
// same samples.
void Resampler::finish(std::vector<double>& out) {
    if (!soxr_) return;
    constexpr std::size_t piece = 1024;  // frames
    const std::vector<double> silence(piece * channels_);
    const auto wanted =
        resampled_frames(frames_in_, from_, to_) * static_cast<std::int64_t>(channels_);
    while (samples_out_ < wanted) process(silence, out);
    out.resize(out.size() - static_cast<std::size_t>(samples_out_ - wanted));
    samples_out_ = wanted;
}

}  // namespace patchpipe
