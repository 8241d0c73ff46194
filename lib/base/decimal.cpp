// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/decimal.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/number.h"

namespace patchpipe {

double decimal_near(double value, double within) {
    std::array<char, 32> text{};
    for (int digits = 1; digits <= std::numeric_limits<double>::digits10; ++digits) {
        const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                       std::chars_format::general, digits)
                             .ptr;
        const auto decimal = parse_number({text.data(), end});
        if (decimal && std::abs(*decimal - value) <= within) return *decimal;
    }
    return value;
}

}  // namespace patchpipe
