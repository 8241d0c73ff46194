// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/samples.h"

#include <algorithm>
#include <bit>
#include <cstring>

static_assert(std::endian::native == std::endian::little, "samples are written as they lie");

namespace patchpipe {
namespace {

// Not left to libsndfile, which rounds down when it clips: a sample just below 0 would become -1.
// Adding and subtracting no_fraction leaves Real no bits for a fraction, so the processor rounds to
// the nearest integer, ties to even. The order of the operands of min and max turns NaN into the
// lowest value.
template <typename Real>
std::int32_t nearest_step(float sample, Real full_scale, Real no_fraction) {
    const Real scaled = std::min(full_scale - 1, std::max(-full_scale, sample * full_scale));
    return static_cast<std::int32_t>(scaled + no_fraction - no_fraction);
}

std::int32_t step_of_16_bits(float sample) { return nearest_step(sample, 0x1p15F, 0x1.8p23F); }
std::int32_t step_of_24_bits(float sample) { return nearest_step(sample, 0x1p23, 0x1.8p52); }

void put_16_bits(std::span<const float> samples, char* out) {
    for (const float sample : samples) {
        const auto step = static_cast<std::int16_t>(step_of_16_bits(sample));
        std::memcpy(out, &step, sizeof step);
        out += sizeof step;
    }
}

void put_24_bits(std::span<const float> samples, char* out) {
    for (const float sample : samples) {
        const auto step = step_of_24_bits(sample);
        std::memcpy(out, &step, 3);
        out += 3;
    }
}

}  // namespace

void append_samples(std::span<const float> samples, AudioFormat::Depth depth, std::string& bytes) {
    const auto size = samples.size() * static_cast<std::size_t>(bytes_per_sample(depth));
    bytes.resize(bytes.size() + size);
    char* out = bytes.data() + bytes.size() - size;
    switch (depth) {
        case AudioFormat::Depth::pcm16:
            return put_16_bits(samples, out);
        case AudioFormat::Depth::pcm24:
            return put_24_bits(samples, out);
        case AudioFormat::Depth::float32:
            std::memcpy(out, samples.data(), size);
    }
}

void reverse_samples(std::string& bytes, AudioFormat::Depth depth) {
    const auto size = static_cast<std::ptrdiff_t>(bytes_per_sample(depth));
    for (auto sample = bytes.begin(); sample != bytes.end(); sample += size)
        std::reverse(sample, sample + size);
}

void quantise(std::span<const float> samples, AudioFormat::Depth depth,
              std::vector<std::int32_t>& steps) {
    steps.resize(samples.size());
    if (depth == AudioFormat::Depth::pcm16)
        std::transform(samples.begin(), samples.end(), steps.begin(),
                       [](float sample) { return step_of_16_bits(sample) * (1 << 16); });
    else
        std::transform(samples.begin(), samples.end(), steps.begin(),
                       [](float sample) { return step_of_24_bits(sample) * (1 << 8); });
}

void clip(std::span<const float> samples, std::vector<float>& clipped) {
    clipped.resize(samples.size());
    std::transform(samples.begin(), samples.end(), clipped.begin(),
                   [](float sample) { return std::min(1.0F, std::max(-1.0F, sample)); });
}

}  // namespace patchpipe
