// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/controls.h"

namespace patchpipe {
namespace {

constexpr bool turns_text(char32_t code) {
    return code == 0x061c || code == 0x200e || code == 0x200f ||
           (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

constexpr bool is_control(char32_t code) {
    return code < 0x20 || (code >= 0x7f && code <= 0x9f) || turns_text(code);
}

// Decodes a character of up to three bytes; no control character takes four.
Control decoded(std::string_view text) {
    const auto bits = [&](std::size_t at, unsigned mask) {
        return at < text.size() ? static_cast<unsigned char>(text[at]) & mask : 0;
    };
    const auto first = bits(0, 0xff);
    if (first < 0x80) return {1, static_cast<char16_t>(first)};
    if (first < 0xe0) return {2, static_cast<char16_t>((first & 0x1f) << 6 | bits(1, 0x3f))};
    return {3, static_cast<char16_t>((first & 0x0f) << 12 | bits(1, 0x3f) << 6 | bits(2, 0x3f))};
}

}  // namespace

Control control_at_front(std::string_view text) {
    if (text.empty() || !may_begin_control(text.front())) return {};
    const auto character = decoded(text);
    return character.bytes <= text.size() && is_control(character.code) ? character : Control{};
}

}  // namespace patchpipe
