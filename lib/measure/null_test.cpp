// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "measure/null_test.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>

#include "audio/fourier.h"
#include "measure/spectrum.h"

namespace patchpipe {
namespace {

// The cross-correlation over all channels, as the transform of its spectrum: two real signals in
// one complex transform have these spectra A and B, and that is A B* with its arguments conjugated.
std::vector<double> cross_correlation(const Channels& one, const Channels& other,
                                      std::size_t size) {
    const Fourier fourier(size);
    std::vector<double> sum_real(size), sum_imaginary(size);
    for (std::size_t channel = 0; channel < one.size(); ++channel) {
        std::vector<double> re(one[channel].begin(), one[channel].end());
        std::vector<double> im(other[channel].begin(), other[channel].end());
        re.resize(size);
        im.resize(size);
        fourier.transform(re.data(), im.data());
        for (std::size_t k = 0; k < size; ++k) {
            const std::size_t mirror = k == 0 ? 0 : size - k;
            const double a_re = (re[k] + re[mirror]) / 2, a_im = (im[k] - im[mirror]) / 2;
            const double b_re = (im[k] + im[mirror]) / 2, b_im = (re[mirror] - re[k]) / 2;
            sum_real[k] += a_re * b_re + a_im * b_im;
            sum_imaginary[k] += a_im * b_re - a_re * b_im;
        }
    }
    fourier.transform(sum_real.data(), sum_imaginary.data());
    return sum_real;
}

std::int64_t lag_of(const Channels& one, const Channels& other) {
    const auto frames = one.front().size();
    const auto size = power_of_two_from(std::max<std::size_t>(2 * frames, 2));
    const auto correlation = cross_correlation(one, other, size);
    std::int64_t lag = 0;
    double best = 0;
    const auto look_at = [&](std::int64_t candidate) {
        const auto at =
            static_cast<std::size_t>(candidate < 0 ? candidate + std::int64_t(size) : candidate);
        // Rounding must not choose between lags that are equally good: the shortest one counts.
        constexpr double clearly = 1 + 1e-9;
        if (std::abs(correlation[at]) <= best * clearly) return;
        best = std::abs(correlation[at]);
        lag = candidate;
    };
    for (std::int64_t candidate = 0; candidate < std::int64_t(frames); ++candidate) {
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
