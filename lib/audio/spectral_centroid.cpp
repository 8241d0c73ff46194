// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/spectral_centroid.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace patchpipe {
namespace {

std::size_t window_frames(int sample_rate) {
    constexpr double seconds = 0.04;
    const auto least = static_cast<std::size_t>(std::ceil(sample_rate * seconds));
    return power_of_two_from(std::max<std::size_t>(least, 4));
}

}  // namespace

SpectralCentroid::SpectralCentroid(int channels, int sample_rate)
    : channels_(static_cast<std::size_t>(channels)),
      sample_rate_(sample_rate),
      fourier_(window_frames(sample_rate)),
      hann_(fourier_.size()),
      real_(fourier_.size()),
      imaginary_(fourier_.size()),
      magnitudes_(fourier_.size() / 2 + 1) {
    const auto size = static_cast<double>(fourier_.size());
    for (std::size_t i = 0; i < fourier_.size(); ++i)
        hann_[i] = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / size);
}

void SpectralCentroid::add(std::span<const double> samples) {
    const auto whole = fourier_.size() * channels_;
    while (!samples.empty()) {
        const auto count = std::min(samples.size(), whole - gathered_.size());
        gathered_.insert(gathered_.end(), samples.begin(),
                         samples.begin() + static_cast<std::ptrdiff_t>(count));
        samples = samples.subspan(count);
        has_new_ = true;
        if (gathered_.size() == whole) take_window();
    }
}

void SpectralCentroid::take_window() {
    for (std::size_t channel = 0; channel < channels_; ++channel) {
        for (std::size_t i = 0; i < fourier_.size(); ++i)
            real_[i] = gathered_[i * channels_ + channel] * hann_[i];
        std::fill(imaginary_.begin(), imaginary_.end(), 0.0);
        fourier_.transform(real_.data(), imaginary_.data());
        for (std::size_t k = 0; k < magnitudes_.size(); ++k)
            magnitudes_[k] += std::sqrt(real_[k] * real_[k] + imaginary_[k] * imaginary_[k]);
    }
    const auto half = static_cast<std::ptrdiff_t>(gathered_.size() / 2);
    gathered_.erase(gathered_.begin(), gathered_.begin() + half);
    has_new_ = false;
}

std::optional<double> SpectralCentroid::finish() {
    if (has_new_) {
        gathered_.resize(fourier_.size() * channels_);
        take_window();
    }
    double sum = 0, weighted = 0;
    for (std::size_t k = 0; k < magnitudes_.size(); ++k) {
        sum += magnitudes_[k];
        weighted += magnitudes_[k] * static_cast<double>(k);
    }
    if (!(sum > 0) || !std::isfinite(weighted)) return {};
    return weighted / sum * sample_rate_ / static_cast<double>(fourier_.size());
}

}  // namespace patchpipe
