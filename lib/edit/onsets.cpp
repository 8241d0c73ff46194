// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "edit/onsets.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

namespace patchpipe {
namespace {

constexpr std::size_t bands = 3, hops_before = 10;
constexpr int hops_per_second = 200;
constexpr int steps_of_hop = 20;  // an onset's place within a hop
using Energies = std::array<double, bands>;

// The mean of the channels, split below 200 Hz and above 2 kHz by filters of the first order.
class Bands {
 public:
    explicit Bands(int sample_rate)
        : low_(share(200, sample_rate)), high_(share(2000, sample_rate)) {}

    Energies split(double sample) {
        below_low_ += low_ * (sample - below_low_);
        below_high_ += high_ * (sample - below_high_);
        const double low = below_low_, middle = below_high_ - below_low_,
                     high = sample - below_high_;
        return {low * low, middle * middle, high * high};
    }

 private:
    static double share(double frequency, int sample_rate) {
        return 1 - std::exp(-2 * std::numbers::pi * frequency / sample_rate);
    }

    double low_, high_, below_low_ = 0, below_high_ = 0;
};

// Calls take(frame, energies) with the energies of each frame.
template <typename Take>
void for_each_frame(AudioSource& audio, Take take) {
    Bands split(audio.sample_rate());
    const auto channels = static_cast<std::size_t>(audio.channels());
    for_each_block(audio, [&](std::span<const double> samples) {
        for (; !samples.empty(); samples = samples.subspan(channels)) {
            const auto frame = samples.first(channels);
            take(split.split(std::accumulate(frame.begin(), frame.end(), 0.0) /
                             static_cast<double>(channels)));
        }
    });
}

std::int64_t hop_of(const AudioSource& audio) {
    return std::max(audio.sample_rate() / hops_per_second, steps_of_hop);
}

// The mean energy of the loudest hop, all bands together.
double loudest_hop(AudioSource& audio) {
    const auto hop = hop_of(audio);
    double loudest = 0, energy = 0;
    std::int64_t frames = 0;
    for_each_frame(audio, [&](const Energies& frame) {
        energy += std::accumulate(frame.begin(), frame.end(), 0.0);
        if (++frames % hop != 0) return;
        loudest = std::max(loudest, energy);
        energy = 0;
    });
    return std::max(loudest, energy) / static_cast<double>(hop);
}

// The energies of a hop, in parts, so that an onset in it has an exact place.
struct Hop {
    std::array<Energies, steps_of_hop> steps{};

    [[nodiscard]] double mean(std::size_t band) const {
        double sum = 0;
        for (const auto& step : steps) sum += step[band];
        return sum / steps_of_hop;
    }
};

class Detector {
 public:
    Detector(std::int64_t hop, int sample_rate, double floor, const OnsetSettings& settings)
        : hop_(hop),
          gap_(std::llround(settings.gap * sample_rate)),
          floor_(floor),
          rise_(std::pow(10, settings.threshold_db / 10)) {}

    void add(const Energies& frame) {
        const auto step = static_cast<std::size_t>(in_hop_ * steps_of_hop / hop_);
        for (std::size_t band = 0; band < bands; ++band)
            now_.steps[step][band] += frame[band] * steps_of_hop / static_cast<double>(hop_);
        if (++in_hop_ == hop_) end_hop();
    }

    [[nodiscard]] std::vector<std::int64_t> finish() {
        if (in_hop_ > 0) end_hop();
        return std::move(found_);
    }

 private:
    void end_hop() {
        std::size_t band = 0;
        double greatest = 0;
        for (std::size_t one = 0; one < bands; ++one)
            if (const double rise = (now_.mean(one) + floor_) / (before(one) + floor_);
                rise > greatest) {
                greatest = rise;
                band = one;
            }
        // One onset for all hops in which the level goes on rising.
        if (greatest >= rise_ && !rising_) take(place(band));
        rising_ = greatest >= rise_;
        std::rotate(past_.begin(), past_.end() - 1, past_.end());
        past_.front() = now_;
        begin_ += hop_;
        now_ = {};
        in_hop_ = 0;
    }

    [[nodiscard]] double before(std::size_t band) const {
        double sum = 0;
        for (const auto& hop : past_) sum += hop.mean(band);
        return sum / hops_before;
    }

    // The first part of the hop that rises so much itself.
    [[nodiscard]] std::int64_t place(std::size_t band) const {
        const double limit = (before(band) + floor_) * rise_;
        std::int64_t step = 0;
        while (step < steps_of_hop - 1 && now_.steps[static_cast<std::size_t>(step)][band] < limit)
            ++step;
        return begin_ + (step * hop_ + steps_of_hop - 1) / steps_of_hop;
    }

    void take(std::int64_t frame) {
        if (found_.empty() || frame - found_.back() >= gap_) found_.push_back(frame);
    }

    std::int64_t hop_, gap_;
    double floor_, rise_;
    std::array<Hop, hops_before> past_{};
    Hop now_;
    std::int64_t begin_ = 0, in_hop_ = 0;
    bool rising_ = false;
    std::vector<std::int64_t> found_;
};

}  // namespace

std::vector<std::int64_t> find_onsets(AudioSource& audio, const OnsetSettings& settings) {
    constexpr double silence = 1e-5;  // -50 dB
    const double loudest = loudest_hop(audio);
    if (!(loudest > 0)) return {};
    Detector detector(hop_of(audio), audio.sample_rate(), loudest * silence, settings);
    for_each_frame(audio, [&](const Energies& frame) { detector.add(frame); });
    return detector.finish();
}

}  // namespace patchpipe
