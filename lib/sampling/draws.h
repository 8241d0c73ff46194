// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the jobs lie in a space: for each job and each parameter one of a number of points. A point
// depends on the seed and on its place alone, not on what was drawn before.
#pragma once

#include <cstdint>

#include "sampling/philox.h"

namespace patchpipe {

enum class SamplingMethod {
    uniform,          ///< each point by itself
    latin_hypercube,  ///< each parameter has one job in every part of its range
};

class Draws {
 public:
    /// The most jobs with latin_hypercube.
    static constexpr std::int64_t most_strata = 10'000'000;

    /// jobs is their number, which only latin_hypercube needs.
    Draws(SamplingMethod method, std::uint64_t seed, std::uint64_t jobs);

    struct Place {
        std::uint64_t job;        // from 0, below jobs
        std::uint32_t parameter;  // its number in the plug-in
        std::uint32_t record;     // the number of the record in the stream
    };

    /// Returns a point, 0 to points - 1; points is 1 to 2^32.
    [[nodiscard]] std::uint64_t point(const Place& place, std::uint64_t points) const;

 private:
    [[nodiscard]] std::uint64_t random(const Place& place) const;
    [[nodiscard]] std::uint64_t stratum(const Place& place) const;
    [[nodiscard]] std::uint64_t shuffled(std::uint64_t number, const Place& place) const;

    SamplingMethod method_;
    PhiloxKey key_;
    std::uint64_t jobs_;
    unsigned half_bits_;
};

}  // namespace patchpipe
