// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/levels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace patchpipe {
namespace {

constexpr std::size_t lanes = 4;  // independent sums, which go into vector registers

double decibels(double level) { return 20 * std::log10(level); }

}  // namespace

std::optional<std::size_t> find_non_finite(std::span<const double> samples) {
    // 0 for every finite number; an infinity and NaN give NaN, which stays in the sum.
    std::array<double, lanes> sums{};
    std::size_t at = 0;
    for (; at + lanes <= samples.size(); at += lanes)
        for (std::size_t i = 0; i < lanes; ++i) sums[i] += samples[at + i] * 0;
    for (; at < samples.size(); ++at) sums[0] += samples[at] * 0;
    if (std::accumulate(sums.begin(), sums.end(), 0.0) == 0) return {};
    const auto found = std::find_if(samples.begin(), samples.end(),
                                    [](double sample) { return !std::isfinite(sample); });
    return static_cast<std::size_t>(found - samples.begin());
}

Levels::Levels(int channels) : sums_(static_cast<std::size_t>(channels)) {}

void Levels::add(std::span<const double> samples) {
    std::array<double, lanes> peaks{}, squares{};
    const auto take = [&](std::size_t lane, double sample) {
        const double level = std::abs(sample);
        peaks[lane] = level > peaks[lane] ? level : peaks[lane];
        squares[lane] += level * level;
    };
    std::size_t at = 0;
    for (; at + lanes <= samples.size(); at += lanes)
        for (std::size_t i = 0; i < lanes; ++i) take(i, samples[at + i]);
    for (; at < samples.size(); ++at) take(0, samples[at]);
    peak_ = std::max(peak_, *std::max_element(peaks.begin(), peaks.end()));
    sum_of_squares_ += std::accumulate(squares.begin(), squares.end(), 0.0);
    for (std::size_t frame = 0; frame < samples.size(); frame += sums_.size())
        for (std::size_t c = 0; c < sums_.size(); ++c) sums_[c] += samples[frame + c];
    frames_ += static_cast<std::int64_t>(samples.size() / sums_.size());
}

std::optional<double> Levels::peak_db() const {
    if (!(peak_ > 0)) return {};
    return decibels(peak_);
}

// Nothing as well if the squares are too small or too large for a double.
std::optional<double> Levels::rms_db() const {
    if (!(sum_of_squares_ > 0) || !std::isfinite(sum_of_squares_)) return {};
    const double samples = static_cast<double>(frames_) * static_cast<double>(sums_.size());
    return decibels(std::sqrt(sum_of_squares_ / samples));
}

std::optional<double> Levels::crest_factor_db() const {
    const auto peak = peak_db(), rms = rms_db();
    if (!peak || !rms) return {};
    return *peak - *rms;
}

std::optional<double> Levels::dc_offset() const {
    if (frames_ == 0) return {};
    return *std::max_element(sums_.begin(), sums_.end(), [](double a, double b) {
        return std::abs(a) < std::abs(b);
    }) / static_cast<double>(frames_);
}

SilentEnds::SilentEnds(int channels, double threshold)
    : channels_(static_cast<std::size_t>(channels)), threshold_(threshold) {}

void SilentEnds::add(std::span<const double> samples) {
    const auto sounds = [&](double sample) { return std::abs(sample) > threshold_; };
    if (!first_) {
        const auto found = std::find_if(samples.begin(), samples.end(), sounds);
        if (found != samples.end())
            first_ = frames_ + (found - samples.begin()) / static_cast<std::int64_t>(channels_);
    }
    const auto last = std::find_if(samples.rbegin(), samples.rend(), sounds);
    if (last != samples.rend())
        end_ = frames_ + (samples.rend() - last - 1) / static_cast<std::int64_t>(channels_) + 1;
    frames_ += static_cast<std::int64_t>(samples.size() / channels_);
}

}  // namespace patchpipe
