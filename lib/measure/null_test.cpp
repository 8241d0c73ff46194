// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "measure/null_test.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "audio/fourier.h"
#include "measure/spectrum.h"

namespace patchpipe {
namespace {

// The spectrum of a cross-correlation, added up over pairs of signals of the transform's size. Two
// real signals in one complex transform have the spectra A and B, and the sum is that of A B* with
// its arguments conjugated.
class CrossCorrelation {
 public:
    explicit CrossCorrelation(std::size_t size)
        : fourier_(size), re_(size), im_(size), sum_re_(size), sum_im_(size) {}

    /// Adds that of a block of one from frame begin on, and what the other has up to reach frames
    /// before and behind it. The block and twice the reach fit into the size, or there is nothing
    /// around the block.
    void add(std::span<const float> one, std::span<const float> other, std::size_t begin,
             std::size_t block, std::size_t reach) {
        std::ranges::fill(re_, 0);
        std::ranges::fill(im_, 0);
        const auto end = std::min(one.size(), begin + block);
        std::copy(one.begin() + std::ptrdiff_t(begin), one.begin() + std::ptrdiff_t(end),
                  re_.begin());
        const auto last = std::min(other.size(), end + reach);
        for (auto frame = begin - std::min(begin, reach); frame < last; ++frame)
            im_[place(std::int64_t(frame) - std::int64_t(begin))] = other[frame];
        add_spectrum();
    }

    /// The correlation by lag, see place(). Ends the use of this object.
    std::vector<double> finish() {
        fourier_.transform(sum_re_.data(), sum_im_.data());
        return std::move(sum_re_);
    }

    /// Where that lag is in it.
    [[nodiscard]] std::size_t place(std::int64_t lag) const {
        return static_cast<std::size_t>(lag < 0 ? lag + std::int64_t(re_.size()) : lag);
    }

 private:
    void add_spectrum() {
        fourier_.transform(re_.data(), im_.data());
        for (std::size_t k = 0; k < re_.size(); ++k) {
            const std::size_t mirror = k == 0 ? 0 : re_.size() - k;
            const double a_re = (re_[k] + re_[mirror]) / 2, a_im = (im_[k] - im_[mirror]) / 2;
            const double b_re = (im_[k] + im_[mirror]) / 2, b_im = (re_[mirror] - re_[k]) / 2;
            sum_re_[k] += a_re * b_re + a_im * b_im;
            sum_im_[k] += a_im * b_re - a_re * b_im;
        }
    }

    Fourier fourier_;
    std::vector<double> re_, im_, sum_re_, sum_im_;
};

// Long signals are taken block by block, for memory: a transform of all takes 116 bytes a frame.
std::int64_t lag_of(const Channels& one, const Channels& other) {
    const auto frames = one.front().size();
    const bool all = frames <= most_lag;
    const auto size = all ? power_of_two_from(std::max<std::size_t>(2 * frames, 2)) : 4 * most_lag;
    const auto block = all ? frames : 2 * most_lag;
    CrossCorrelation sum(size);
    for (std::size_t channel = 0; channel < one.size(); ++channel)
        for (std::size_t begin = 0; begin < frames; begin += block)
            sum.add(one[channel], other[channel], begin, block, most_lag);
    const auto correlation = sum.finish();
    std::int64_t lag = 0;
    double best = 0;
    const auto look_at = [&](std::int64_t candidate) {
        // Rounding must not choose between lags that are equally good: the shortest one counts.
        constexpr double clearly = 1 + 1e-9;
        const auto value = std::abs(correlation[sum.place(candidate)]);
        if (value <= best * clearly) return;
        best = value;
        lag = candidate;
    };
    const auto candidates = static_cast<std::int64_t>(std::min(frames, most_lag + 1));
    for (std::int64_t candidate = 0; candidate < candidates; ++candidate) {
        look_at(candidate);
        look_at(-candidate);
    }
    return lag;
}

// The samples of one that the other has too, which come `lag` later there.
std::span<const float> shared(const std::vector<float>& samples, std::int64_t lag) {
    const auto all = std::span(samples);
    const auto missing = std::min(all.size(), static_cast<std::size_t>(std::abs(lag)));
    return lag < 0 ? all.last(all.size() - missing) : all.first(all.size() - missing);
}

std::vector<float> difference(std::span<const float> one, std::span<const float> other) {
    std::vector<float> residual(one.size());
    std::ranges::transform(one, other, residual.begin(), std::minus{});
    return residual;
}

double sum_of_squares(std::span<const float> samples) {
    double sum = 0;
    for (const double sample : samples) sum += sample * sample;
    return sum;
}

}  // namespace

NullTest null_test(const Channels& one, const Channels& other) {
    NullTest result{.lag = lag_of(one, other)};
    double left = 0, whole = 0;
    for (std::size_t channel = 0; channel < one.size(); ++channel) {
        const auto first = shared(one[channel], result.lag);
        result.residual.push_back(difference(first, shared(other[channel], -result.lag)));
        left += sum_of_squares(result.residual.back());
        whole += sum_of_squares(first);
    }
    const double peak = peak_of(result.residual);
    result.identical = peak == 0;
    if (peak > 0) result.residual_peak_db = 20 * std::log10(peak);
    if (whole > 0) result.residual_db = decibels_of_power(left / whole);
    return result;
}

}  // namespace patchpipe
