// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "measure/spectrum.h"

#include <cmath>
#include <numbers>

#include "audio/fourier.h"

namespace patchpipe {
namespace {

constexpr double lowest_hz = 20;

// H.-H. Albrecht, "A family of cosine-sum windows for high-resolution measurements", ICASSP 2001,
// the minimum side lobe window of seven terms.
double cosine_window(std::size_t at, std::size_t size) {
    constexpr double terms[] = {0.27105140069342,  -0.43329793923448, 0.21812299954311,
                                -0.06592544638803, 0.01081174209837,  -0.00077658482522,
                                0.00001388721735};
    const double phase = 2 * std::numbers::pi * static_cast<double>(at) / static_cast<double>(size);
    double sum = 0;
    for (int i = 0; i < 7; ++i) sum += terms[i] * std::cos(i * phase);
    return sum;
}

std::vector<double> windowed(std::span<const float> samples, Window window) {
    std::vector<double> result(samples.begin(), samples.end());
    if (window == Window::none) return result;
    double square = 0;
    for (std::size_t i = 0; i < result.size(); ++i) {
        const double factor = cosine_window(i, result.size());
        result[i] *= factor;
        square += factor * factor;
    }
    const double scale = std::sqrt(static_cast<double>(result.size()) / square);
    for (auto& sample : result) sample *= scale;
    return result;
}

}  // namespace

std::optional<double> decibels_of_power(double power) {
    if (power <= 0) return {};
    return 10 * std::log10(power);
}

std::vector<double> power_spectrum(std::span<const float> samples, Window window) {
    const auto size = samples.size();
    auto real = windowed(samples, window);
    std::vector<double> imaginary(size);
    Fourier(size).transform(real.data(), imaginary.data());
    std::vector<double> power(size / 2 + 1);
    const double scale = 1 / (static_cast<double>(size) * static_cast<double>(size));
    for (std::size_t bin = 0; bin < power.size(); ++bin) {
        const bool alone = bin == 0 || bin == size / 2;  // the others have a negative frequency
        power[bin] =
            (alone ? 1 : 2) * scale * (real[bin] * real[bin] + imaginary[bin] * imaginary[bin]);
    }
    return power;
}

std::optional<ToneMeasures> measure_tone(std::span<const float> samples, std::int64_t periods,
                                         int sample_rate) {
    const auto power = power_spectrum(samples, Window::none);
    const auto tone = static_cast<std::size_t>(periods);
    const double bin_hz = sample_rate / static_cast<double>(samples.size());
    double besides = 0, harmonics = 0, others = 0;
    for (std::size_t bin = 1; bin < power.size(); ++bin) {
        const double frequency = bin_hz * static_cast<double>(bin);
        if (bin != tone && frequency >= lowest_hz && frequency <= audible_hz) besides += power[bin];
        if (bin % tone != 0)
            others += power[bin];
        else if (bin > tone && frequency <= audible_hz)
            harmonics += power[bin];
    }
    const double fundamental = power[tone];
    // A float has 24 bits: what is below is the rounding of something else.
    constexpr double least = 1e-18;
    if (!(fundamental > least)) return {};
    return ToneMeasures{
        .level_db = 10 * std::log10(2 * fundamental),
        .thd_db = decibels_of_power(harmonics / fundamental),
        .thd_percent = 100 * std::sqrt(harmonics / fundamental),
        .thd_n_db = decibels_of_power(besides / (besides + fundamental)),
        .aliasing_db = decibels_of_power(others / fundamental),
    };
}

std::optional<double> note_aliasing_db(std::span<const float> samples, double fundamental,
                                       int sample_rate) {
    constexpr double lobe = 8;  // bins either side that the window spreads a sine over
    const auto power = power_spectrum(samples, Window::cosine);
    const double period = fundamental * static_cast<double>(samples.size()) / sample_rate;  // bins
    double harmonics = 0, others = 0;
    for (std::size_t bin = 0; bin < power.size(); ++bin) {
        const auto at = static_cast<double>(bin);
        if (std::abs(at - period * std::round(at / period)) <= lobe)
            harmonics += power[bin];  // 0 Hz among them
        else
            others += power[bin];
    }
    if (harmonics <= 0) return {};
    return decibels_of_power(others / harmonics);
}

}  // namespace patchpipe
