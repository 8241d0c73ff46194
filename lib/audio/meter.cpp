// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/meter.h"

#include <xxhash.h>
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <new>
#include <span>

#include "audio/interleave.h"

static_assert(std::endian::native == std::endian::little, "samples are hashed as they lie");

namespace patchpipe {
namespace {

// Sums in lanes that do not wait for each other, which the compiler puts into vector registers.
struct Levels {
    static constexpr std::size_t lanes = 8;
    std::array<float, lanes> peak{};
    std::array<double, lanes> sum_of_squares{};
    std::array<int, lanes> clipped{}, non_finite{};

    void add(const float* samples) {
        for (std::size_t i = 0; i < lanes; ++i) {
            const float level = std::abs(samples[i]);
            peak[i] = level > peak[i] ? level : peak[i];
            clipped[i] += level > 1.0f;
            non_finite[i] += !(level <= std::numeric_limits<float>::max());
            sum_of_squares[i] += double{level} * double{level};
        }
    }
};

Levels levels_of(std::span<const float> samples) {
    Levels levels;
    while (samples.size() >= Levels::lanes) {
        levels.add(samples.data());
        samples = samples.subspan(Levels::lanes);
    }
    std::array<float, Levels::lanes> rest{};
    std::copy(samples.begin(), samples.end(), rest.begin());
    levels.add(rest.data());
    return levels;
}

}  // namespace

void Meter::FreeState::operator()(XXH3_state_s* state) const { XXH3_freeState(state); }

Meter::Meter(int channels, int max_block_frames)
    : channels_(channels),
      interleaved_(static_cast<std::size_t>(channels) * static_cast<std::size_t>(max_block_frames)),
      hash_(XXH3_createState()) {
    if (!hash_ || XXH3_128bits_reset(hash_.get()) != XXH_OK) throw std::bad_alloc();
}

void Meter::add(const float* const* channels, int frames) {
    const auto size = static_cast<std::size_t>(channels_) * static_cast<std::size_t>(frames);
    if (size > interleaved_.size()) interleaved_.resize(size);
    interleave(channels, channels_, frames, interleaved_.data());
    XXH3_128bits_update(hash_.get(), interleaved_.data(), size * sizeof(float));
    const auto levels = levels_of({interleaved_.data(), size});
    samples_ += static_cast<std::int64_t>(size);
    for (std::size_t i = 0; i < Levels::lanes; ++i) {
        peak_ = std::max(peak_, double{levels.peak[i]});
        clipped_ += levels.clipped[i];
        non_finite_ += levels.non_finite[i];
        sum_of_squares_ += levels.sum_of_squares[i];
    }
}

std::optional<double> Meter::rms_db() const {
    if (!(sum_of_squares_ > 0)) return {};
    return 10 * std::log10(sum_of_squares_ / static_cast<double>(samples_));
}

std::string Meter::audio_hash() const {
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(hash_.get()));
    std::string text = "xxh128:";
    for (const auto byte : canonical.digest) {
        constexpr std::string_view hex = "0123456789abcdef";
        text += hex[byte >> 4];
        text += hex[byte & 15];
    }
    return text;
}

}  // namespace patchpipe
