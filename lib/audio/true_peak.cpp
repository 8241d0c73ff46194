// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/true_peak.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace patchpipe {
namespace {

// The modified Bessel function of the first kind and order 0, as its power series.
double bessel_i0(double x) {
    double sum = 1, term = 1;
    for (int k = 1; term > 1e-17 * sum; ++k) {
        term *= (x / (2 * k)) * (x / (2 * k));
        sum += term;
    }
    return sum;
}

// Kaiser's window; x is -1 to 1.
double window(double x) {
    constexpr double beta = 6;
    return bessel_i0(beta * std::sqrt(std::max(0.0, 1 - x * x))) / bessel_i0(beta);
}

double sinc(double x) {
    return x == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x);
}

// In independent lanes, which the compiler puts into vector registers.
float largest_magnitude(std::span<const float> samples) {
    constexpr std::size_t lanes = 4;
    std::array<float, lanes> peak{};
    for (std::size_t at = 0; at + lanes <= samples.size(); at += lanes)
        for (std::size_t i = 0; i < lanes; ++i) {
            const float level = std::abs(samples[at + i]);
            peak[i] = level > peak[i] ? level : peak[i];
        }
    return *std::max_element(peak.begin(), peak.end());
}

}  // namespace

// The weights of the samples around a place that lies a fraction behind the middle one.
TruePeak::Taps TruePeak::taps_at(double fraction) {
    constexpr int half = taps / 2;
    std::array<double, taps> weights{};
    double sum = 0;
    for (int i = 0; i < static_cast<int>(taps); ++i) {
        const double distance = fraction - (i - half + 1);
        auto& weight = weights[static_cast<std::size_t>(i)];
        weight = sinc(distance) * window(distance / half);
        sum += weight;
    }
    Taps scaled{};
    for (std::size_t i = 0; i < taps; ++i) scaled[i] = static_cast<float>(weights[i] / sum);
    return scaled;
}

TruePeak::TruePeak(int channels, int sample_rate) : channels_(static_cast<std::size_t>(channels)) {
    const int factor = sample_rate < 96000 ? 4 : sample_rate < 192000 ? 2 : 1;
    for (int i = 1; i < factor; ++i) phases_.push_back(taps_at(static_cast<double>(i) / factor));
    for (const auto& phase : phases_) {
        double gain = 0;
        for (const float weight : phase) gain += std::abs(weight);
        largest_gain_ = std::max(largest_gain_, gain);
    }
}

void TruePeak::add(std::span<const double> samples) {
    for (std::size_t at = 0; at < samples.size(); at += channels_.size()) {
        for (std::size_t c = 0; c < channels_.size(); ++c)
            channels_[c].samples[taps + filled_] = static_cast<float>(samples[at + c]);
        if (++filled_ == piece) interpolate();
    }
}

// Leaves the last samples where the next ones need them.
void TruePeak::interpolate() {
    for (auto& channel : channels_) {
        interpolate(channel);
        std::copy_n(channel.samples.end() - taps, taps, channel.samples.begin());
    }
    filled_ = 0;
}

void TruePeak::interpolate(const Channel& channel) {
    // Most pieces of a note that decays are passed over here.
    const float largest = largest_magnitude(channel.samples);
    peak_ = std::max(peak_, largest);
    if (largest * largest_gain_ <= peak_) return;
    for (const auto& phase : phases_) {
        std::array<float, piece> between{};
        for (std::size_t k = 0; k < taps; ++k)
            for (std::size_t i = 0; i < piece; ++i)
                between[i] += phase[k] * channel.samples[1 + i + k];
        peak_ = std::max(peak_, largest_magnitude(between));
    }
}

double TruePeak::finish() {
    const std::vector<double> silence(channels_.size() * (taps + piece));
    add(silence);
    return peak_;
}

}  // namespace patchpipe
