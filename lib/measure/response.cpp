// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "measure/response.h"

#include <algorithm>
#include <cmath>

#include "audio/fourier.h"
#include "measure/spectrum.h"

namespace patchpipe {
namespace {

double mean(const std::vector<float>& samples) {
    double sum = 0;
    for (const double sample : samples) sum += sample;
    return samples.empty() ? 0 : sum / static_cast<double>(samples.size());
}

double mean_square(const std::vector<float>& samples, double offset = 0) {
    double sum = 0;
    for (const double sample : samples) sum += (sample - offset) * (sample - offset);
    return samples.empty() ? 0 : sum / static_cast<double>(samples.size());
}

}  // namespace

Channels separated(std::span<const float> samples, int channels) {
    const auto count = static_cast<std::size_t>(channels);
    Channels result(count);
    for (std::size_t channel = 0; channel < count; ++channel) {
        result[channel].reserve(samples.size() / count);
        for (auto i = channel; i < samples.size(); i += count)
            result[channel].push_back(samples[i]);
    }
    return result;
}

std::optional<std::int64_t> peak_frame(const Channels& channels) {
    std::optional<std::int64_t> frame;
    float peak = 0;
    for (const auto& samples : channels)
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const auto at = static_cast<std::int64_t>(i);
            const float magnitude = std::abs(samples[i]);
            if (magnitude > peak || (frame && magnitude == peak && at < *frame)) {
                peak = magnitude;
                frame = at;
            }
        }
    return frame;
}

std::optional<std::int64_t> first_frame_above(const Channels& channels, double threshold) {
    std::optional<std::int64_t> first;
    for (const auto& samples : channels) {
        const auto found = std::find_if(samples.begin(), samples.end(),
                                        [&](float sample) { return std::abs(sample) > threshold; });
        if (found == samples.end()) continue;
        const std::int64_t frame = found - samples.begin();
        first = first ? std::min(*first, frame) : frame;
    }
    return first;
}

std::optional<double> greatest_rms_db(const Channels& channels) {
    double power = 0;
    for (const auto& samples : channels) power = std::max(power, mean_square(samples));
    return decibels_of_power(power);
}

std::optional<double> greatest_noise_db(const Channels& channels) {
    double power = 0;
    for (const auto& samples : channels)
        power = std::max(power, mean_square(samples, mean(samples)));
    return decibels_of_power(power);
}

double peak_of(const Channels& channels) {
    float peak = 0;
    for (const auto& samples : channels)
        for (const float sample : samples) peak = std::max(peak, std::abs(sample));
    return peak;
}

std::size_t loudest_channel(const Channels& channels) {
    std::size_t loudest = 0;
    double power = 0;
    for (std::size_t i = 0; i < channels.size(); ++i) {
        const double here = mean_square(channels[i]);
        if (here <= power) continue;
        power = here;
        loudest = i;
    }
    return loudest;
}

double dc_of(const Channels& channels) {
    double farthest = 0;
    for (const auto& samples : channels)
        if (const double here = mean(samples); std::abs(here) > std::abs(farthest)) farthest = here;
    return farthest;
}

BadSamples bad_samples(std::span<const float> samples) {
    BadSamples bad;
    for (const float sample : samples) {
        const int kind = std::fpclassify(sample);
        if (kind == FP_NAN || kind == FP_INFINITE) ++bad.non_finite;
        if (kind == FP_SUBNORMAL) ++bad.denormal;
    }
    return bad;
}

std::vector<double> magnitude_response_db(std::span<const float> impulse_response) {
    const auto size = power_of_two_from(std::max<std::size_t>(impulse_response.size(), 2));
    std::vector<double> real(impulse_response.begin(), impulse_response.end()), imaginary(size);
    real.resize(size);
    Fourier(size).transform(real.data(), imaginary.data());
    std::vector<double> decibels(size / 2 + 1);
    for (std::size_t bin = 0; bin < decibels.size(); ++bin)
        decibels[bin] = 20 * std::log10(std::hypot(real[bin], imaginary[bin]));
    return decibels;
}

}  // namespace patchpipe
