// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sum of products, which the compiler must not reorder by itself: in a fixed order that suits
// vectors of four.
#pragma once

#include <cstddef>
#include <cstring>

namespace patchpipe {

[[nodiscard]] inline float dot_product(const float* one, const float* other, std::size_t size) {
    using Four = float __attribute__((vector_size(16)));
    constexpr std::size_t lanes = 4, chains = 4;
    Four sums[chains]{};
    std::size_t i = 0;
    for (; i + lanes * chains <= size; i += lanes * chains)
        for (std::size_t chain = 0; chain < chains; ++chain) {
            Four a, b;
            std::memcpy(&a, one + i + chain * lanes, sizeof a);
            std::memcpy(&b, other + i + chain * lanes, sizeof b);
            sums[chain] += a * b;
        }
    const Four all = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    float sum = (all[0] + all[1]) + (all[2] + all[3]);
    for (; i < size; ++i) sum += one[i] * other[i];
    return sum;
}

}  // namespace patchpipe
