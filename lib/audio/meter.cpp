// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/meter.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>

static_assert(std::endian::native == std::endian::little, "samples are hashed as they lie");

namespace patchpipe {
namespace {

struct Levels {
    float peak = 0;
    double sum_of_squares = 0;
};

// Sums in independent lanes, which the compiler puts into vector registers.
class LevelSums {
 public:
    static constexpr std::size_t lanes = 4;

    void add(const float* samples) {
        for (std::size_t i = 0; i < lanes; ++i) {
            const float level = std::abs(samples[i]);
            peak_[i] = level > peak_[i] ? level : peak_[i];
            squares_[i] += double{level} * double{level};
        }
    }
    [[nodiscard]] Levels total() const {
        return {*std::max_element(peak_.begin(), peak_.end()),
                std::accumulate(squares_.begin(), squares_.end(), 0.0)};
    }

 private:
    std::array<float, lanes> peak_{};
    std::array<double, lanes> squares_{};
};

Levels levels_of(std::span<const float> samples) {
    LevelSums sums;
    for (; samples.size() >= LevelSums::lanes; samples = samples.subspan(LevelSums::lanes))
        sums.add(samples.data());
    std::array<float, LevelSums::lanes> rest{};
    std::copy(samples.begin(), samples.end(), rest.begin());
    sums.add(rest.data());
    return sums.total();
}

}  // namespace

void Meter::add(std::span<const float> samples) {
    hash_.add({reinterpret_cast<const char*>(samples.data()), samples.size_bytes()});
    measure(samples);
}

void Meter::measure(std::span<const float> samples) {
    const auto levels = levels_of(samples);
    samples_ += static_cast<std::int64_t>(samples.size());
    peak_ = std::max(peak_, double{levels.peak});
    sum_of_squares_ += levels.sum_of_squares;
    // The square of a float never overflows a double, so the sum is finite only if all samples are.
    // Most blocks end here.
    if (levels.peak <= 1 && std::isfinite(levels.sum_of_squares)) return;
    for (const float sample : samples) {
        clipped_ += std::abs(sample) > 1;
        non_finite_ += !std::isfinite(sample);
    }
}

std::optional<double> Meter::rms_db() const {
    if (!(sum_of_squares_ > 0)) return {};
    return 10 * std::log10(sum_of_squares_ / static_cast<double>(samples_));
}

}  // namespace patchpipe
