// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/base64.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace patchpipe {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint8_t no_digit = 0xff;

constexpr auto digits = [] {
    std::array<std::uint8_t, 256> table{};
    table.fill(no_digit);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    return table;
}();

std::string_view without_padding(std::string_view text) {
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
    return text;
}

// The first digits of three bytes.
void put_digits(char* out, std::string_view bytes, std::size_t count) {
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) group = group << 8 | static_cast<unsigned char>(bytes[i]);
    for (std::size_t i = 0; i < count; ++i) out[i] = alphabet[group >> (18 - 6 * i) & 63];
}

}  // namespace

std::string to_base64(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4, '=');
    auto* out = text.data();
    for (; bytes.size() >= 3; bytes.remove_prefix(3), out += 4) put_digits(out, bytes, 4);
    const std::array<char, 3> rest{bytes.empty() ? '\0' : bytes[0],
                                   bytes.size() < 2 ? '\0' : bytes[1]};
    if (!bytes.empty()) put_digits(out, {rest.data(), rest.size()}, bytes.size() + 1);
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    text = without_padding(text);
    if (text.size() % 4 == 1) return {};
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t group = 0;
    int bits = 0;
    for (const char c : text) {
        const auto digit = digits[static_cast<unsigned char>(c)];
        if (digit == no_digit) return {};
        group = group << 6 | digit;
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        bytes += static_cast<char>(group >> bits);
    }
    return bytes;
}

}  // namespace patchpipe
