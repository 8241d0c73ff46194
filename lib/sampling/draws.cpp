// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "sampling/draws.h"

#include <algorithm>

namespace patchpipe {
namespace {

constexpr unsigned word = 32;

// A number below limit: the upper 64 bits of the product.
std::uint64_t scaled(std::uint64_t random, std::uint64_t limit) {
    return static_cast<std::uint64_t>((static_cast<unsigned __int128>(random) * limit) >> 64);
}

// The least number of bits of half a number that can be any job's.
unsigned half_bits_for(std::uint64_t jobs) {
    unsigned bits = 4;  // fewer would leave too few permutations of a few jobs
    while ((std::uint64_t{1} << (2 * bits)) < jobs) ++bits;
    return bits;
}

}  // namespace

Draws::Draws(SamplingMethod method, std::uint64_t seed, std::uint64_t jobs)
    : method_(method),
      key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> word)},
      jobs_(jobs),
      half_bits_(half_bits_for(jobs)) {}

std::uint64_t Draws::random(const Place& place) const {
    const auto words =
        philox({static_cast<std::uint32_t>(place.job),
                static_cast<std::uint32_t>(place.job >> word), place.parameter, place.record},
               key_);
    return std::uint64_t{words[1]} << word | words[0];
}

// A Feistel network of half_bits_ on either side, whose function is the generator at counters that
// no job has.
std::uint64_t Draws::shuffled(std::uint64_t number, const Place& place) const {
    constexpr std::uint32_t rounds = 6, first_round = 0xFFFFFF00;
    const std::uint32_t mask = (std::uint32_t{1} << half_bits_) - 1;
    auto left = static_cast<std::uint32_t>(number >> half_bits_);
    auto right = static_cast<std::uint32_t>(number) & mask;
    for (std::uint32_t round = 0; round < rounds; ++round) {
        const auto mixed =
            philox({right, first_round + round, place.parameter, place.record}, key_);
        const std::uint32_t next = left ^ (mixed[0] & mask);
        left = right;
        right = next;
    }
    return std::uint64_t{left} << half_bits_ | right;
}

// A permutation of the jobs, another one for each parameter: a number that is no job's is shuffled
// again, and in the end one is.
std::uint64_t Draws::stratum(const Place& place) const {
    auto number = place.job;
    do number = shuffled(number, place);
    while (number >= jobs_);
    return number;
}

std::uint64_t Draws::point(const Place& place, std::uint64_t points) const {
    if (method_ == SamplingMethod::uniform) return scaled(random(place), points);
    const auto number = stratum(place);
    if (points <= jobs_) return number * points / jobs_;
    const auto begin = [&](std::uint64_t n) { return (n * points + jobs_ - 1) / jobs_; };
    const auto first = begin(number);
    return first + scaled(random(place), begin(number + 1) - first);
}

}  // namespace patchpipe
