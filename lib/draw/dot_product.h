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
    const auto products = [&](std::size_t at) {
        Four a, b;
        std::memcpy(&a, one + at, sizeof a);
        std::memcpy(&b, other + at, sizeof b);
        return a * b;
    };
    // Sums of their own, as each addition waits for the one before.
    Four first{}, second{}, third{}, fourth{};
    std::size_t i = 0;
    for (; i + 16 <= size; i += 16) {
        first += products(i);
        second += products(i + 4);
        third += products(i + 8);
        fourth += products(i + 12);
    }
    const Four all = (first + second) + (third + fourth);
    float sum = (all[0] + all[1]) + (all[2] + all[3]);
    for (; i < size; ++i) sum += one[i] * other[i];
    return sum;
}

}  // namespace patchpipe
