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

/// The number in all of the bytes, 8 at most, most significant first.
[[nodiscard]] constexpr std::uint64_t big_endian_number(std::string_view bytes) {
    std::uint64_t number = 0;
    for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
    return number;
}

/// The same, least significant first.
[[nodiscard]] constexpr std::uint64_t little_endian_number(std::string_view bytes) {
    std::uint64_t number = 0;
    for (; !bytes.empty(); bytes.remove_suffix(1))
        number = number << 8 | static_cast<unsigned char>(bytes.back());
    return number;
}

/// The number in the first sizeof(Number) bytes, most significant first.
template <std::unsigned_integral Number>
[[nodiscard]] constexpr Number read_big_endian(std::string_view bytes) {
    return static_cast<Number>(big_endian_number(bytes.substr(0, sizeof(Number))));
}

/// The same, least significant first.
template <std::unsigned_integral Number>
[[nodiscard]] constexpr Number read_little_endian(std::string_view bytes) {
    return static_cast<Number>(little_endian_number(bytes.substr(0, sizeof(Number))));
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

/// Writes the number over the bytes from that place on.
template <std::unsigned_integral Number>
void put_little_endian(std::string& bytes, std::size_t at, Number number) {
    for (std::size_t i = 0; i < sizeof(Number); ++i)
        bytes[at + i] = static_cast<char>(std::uint64_t{number} >> (8 * i));
}

}  // namespace patchpipe
