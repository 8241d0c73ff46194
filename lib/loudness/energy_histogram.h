// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The loudness of many blocks in bounded memory. Only for lib/loudness.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace patchpipe {

/// The loudness in LUFS of a weighted mean square, and the reverse (ITU-R BS.1770-4, formula 2).
[[nodiscard]] double loudness_of(double energy);
[[nodiscard]] double energy_of(double loudness);

/// Blocks above the absolute gate of -70 LUFS, in classes of 0.01 LU. Each class keeps the sum of
/// its energies, so that means are exact; a gate is exact to a class.
class EnergyHistogram {
 public:
    EnergyHistogram();

    /// Adds a block by its energy. Blocks below the absolute gate do not count.
    void add(double energy);

    /// The mean energy of the blocks that are not more than gate LU below the mean of all blocks;
    /// nothing without blocks.
    [[nodiscard]] std::optional<double> gated_mean(double gate) const;
    /// The distance in LU between two quantiles, 0 to 1, of the same blocks' loudness.
    [[nodiscard]] std::optional<double> spread(double gate, double low, double high) const;

 private:
    struct Class {
        std::int64_t blocks = 0;
        double energy = 0;
        [[nodiscard]] double mean() const { return energy / static_cast<double>(blocks); }
    };

    [[nodiscard]] std::vector<Class> gated(double gate) const;

    std::vector<Class> classes_;
};

}  // namespace patchpipe
