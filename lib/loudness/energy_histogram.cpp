// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "loudness/energy_histogram.h"

#include <algorithm>
#include <cmath>

namespace patchpipe {
namespace {

constexpr double absolute_gate = -70, highest = 80;  // LUFS; what is louder is in the last class
constexpr double classes_per_lu = 100;
constexpr double offset = -0.691;

}  // namespace

double loudness_of(double energy) { return offset + 10 * std::log10(energy); }

double energy_of(double loudness) { return std::pow(10, (loudness - offset) / 10); }

EnergyHistogram::EnergyHistogram()
    : classes_(static_cast<std::size_t>((highest - absolute_gate) * classes_per_lu)) {}

void EnergyHistogram::add(double energy) {
    if (!(energy >= energy_of(absolute_gate))) return;
    const double place = (loudness_of(energy) - absolute_gate) * classes_per_lu;
    const auto last = static_cast<double>(classes_.size() - 1);
    auto& found = classes_[static_cast<std::size_t>(std::clamp(place, 0.0, last))];
    ++found.blocks;
    found.energy += energy;
}

// The classes with blocks that are above the relative gate.
std::vector<EnergyHistogram::Class> EnergyHistogram::gated(double gate) const {
    Class all;
    for (const auto& one : classes_) {
        all.blocks += one.blocks;
        all.energy += one.energy;
    }
    std::vector<Class> kept;
    if (all.blocks == 0) return kept;
    const double least = all.mean() * std::pow(10, -gate / 10);
    for (const auto& one : classes_)
        if (one.blocks > 0 && one.mean() >= least) kept.push_back(one);
    return kept;
}

std::optional<double> EnergyHistogram::gated_mean(double gate) const {
    Class all;
    for (const auto& one : gated(gate)) {
        all.blocks += one.blocks;
        all.energy += one.energy;
    }
    if (all.blocks == 0) return {};
    return all.mean();
}

std::optional<double> EnergyHistogram::spread(double gate, double low, double high) const {
    const auto kept = gated(gate);
    std::int64_t blocks = 0;
    for (const auto& one : kept) blocks += one.blocks;
    if (blocks == 0) return {};
    const auto quantile = [&](double part) {
        auto left = std::llround(part * static_cast<double>(blocks - 1));
        for (const auto& one : kept) {
            if (left < one.blocks) return loudness_of(one.mean());
            left -= one.blocks;
        }
        return loudness_of(kept.back().mean());
    };
    return quantile(high) - quantile(low);
}

}  // namespace patchpipe
