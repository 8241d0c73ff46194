// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The '$' keys for the width of numbers, for both directions of cbor_json.h.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

#include "serum/cbor.h"

namespace patchpipe {

struct JsonFloat {
    CborKind kind;
    int bytes;
    std::string_view key;
};

inline constexpr std::array<JsonFloat, 3> json_floats = {{{CborKind::half, 2, "$float16"},
                                                          {CborKind::single, 4, "$float32"},
                                                          {CborKind::real, 8, "$float64"}}};

struct JsonInteger {
    std::uint8_t width;
    std::string_view key;
};

inline constexpr std::array<JsonInteger, 4> json_integers = {
    {{1, "$int8"}, {2, "$int16"}, {4, "$int32"}, {8, "$int64"}}};

/// True if the value is finite and not above what a float of 32 bits can hold.
[[nodiscard]] inline bool in_range_of_single(double value) {
    return std::abs(value) <= double{std::numeric_limits<float>::max()};
}

/// True if a float of 32 bits holds the value exactly; it is then written as one.
[[nodiscard]] inline bool fits_single(double value) {
    return in_range_of_single(value) && double{static_cast<float>(value)} == value;
}

}  // namespace patchpipe
