// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Philox4x32-10, a generator that has no state: the number at any place is a function of the place
// and the seed. J. Salmon, M. Moraes, R. Dror and D. Shaw, "Parallel random numbers: as easy as 1,
// 2, 3", SC11, 2011. The same on every machine.
#pragma once

#include <array>
#include <cstdint>

namespace patchpipe {

using PhiloxCounter = std::array<std::uint32_t, 4>;
using PhiloxKey = std::array<std::uint32_t, 2>;

[[nodiscard]] constexpr PhiloxCounter philox(PhiloxCounter counter, PhiloxKey key) {
    constexpr int rounds = 10, word = 32;
    constexpr std::uint64_t multiplier_0 = 0xD2511F53, multiplier_1 = 0xCD9E8D57;
    constexpr std::uint32_t step_0 = 0x9E3779B9, step_1 = 0xBB67AE85;
    for (int round = 0; round < rounds; ++round) {
        const std::uint64_t a = multiplier_0 * counter[0], b = multiplier_1 * counter[2];
        counter = {static_cast<std::uint32_t>(b >> word) ^ counter[1] ^ key[0],
                   static_cast<std::uint32_t>(b),
                   static_cast<std::uint32_t>(a >> word) ^ counter[3] ^ key[1],
                   static_cast<std::uint32_t>(a)};
        key[0] += step_0;
        key[1] += step_1;
    }
    return counter;
}

}  // namespace patchpipe
