// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "draw/color.h"

#include <cmath>

#include "base/number.h"

namespace patchpipe {
namespace {

std::uint8_t between(std::uint8_t from, std::uint8_t to, double share) {
    return static_cast<std::uint8_t>(std::lround(from + (to - from) * share));
}

}  // namespace

Color mixed(const Color& color, const Color& other, double share) {
    return {between(color.red, other.red, share), between(color.green, other.green, share),
            between(color.blue, other.blue, share)};
}

std::optional<Color> parse_color(std::string_view text) {
    if (text.starts_with('#')) text.remove_prefix(1);
    constexpr std::size_t digits = 6;
    constexpr int hexadecimal = 16;
    const auto value = parse_whole<std::uint32_t>(text, hexadecimal);
    if (text.size() != digits || !value) return {};
    return Color{static_cast<std::uint8_t>(*value >> 16U), static_cast<std::uint8_t>(*value >> 8U),
                 static_cast<std::uint8_t>(*value)};
}

const std::vector<Color>& usual_colors() {
    static const std::vector<Color> colors{
        {0x7c, 0xd4, 0xff}, {0xff, 0xb3, 0x6b}, {0x9d, 0xf0, 0x8b}, {0xff, 0x94, 0xb8},
        {0xff, 0xe2, 0x74}, {0xc3, 0xae, 0xff}, {0x7d, 0xf0, 0xd6}, {0xff, 0x9e, 0x8f}};
    return colors;
}

}  // namespace patchpipe
