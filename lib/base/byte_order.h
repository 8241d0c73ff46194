// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Integers stored as bytes, in either byte order. The caller checks that there are enough bytes.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace patchpipe {

/// The number in the first sizeof(Number) bytes, most significant first.
template <std::unsigned_integral Number>
[[nodiscard]] constexpr Number read_big_endian(std::string_view bytes) {
    Number number = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i)
        number =
            static_cast<Number>(std::uint64_t{number} << 8 | static_cast<unsigned char>(bytes[i]));
    return number;
}

/// The same, least significant first.
template <std::unsigned_integral Number>
[[nodiscard]] constexpr Number read_little_endian(std::string_view bytes) {
    Number number = 0;
    for (std::size_t i = sizeof(Number); i-- > 0;)
        number =
            static_cast<Number>(std::uint64_t{number} << 8 | static_cast<unsigned char>(bytes[i]));
    return number;
}

template <std::unsigned_integral Number>
void append_big_endian(std::string& bytes, Number number) {
    for (std::size_t i = sizeof(Number); i-- > 0;)
        bytes += static_cast<char>(std::uint64_t{number} >> (8 * i));
}

template <std::unsigned_integral Number>
void append_little_endian(std::string& bytes, Number number) {
    for (std::size_t i = 0; i < sizeof(Number); ++i)
        bytes += static_cast<char>(std::uint64_t{number} >> (8 * i));
}

}  // namespace patchpipe
