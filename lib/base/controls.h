// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Characters that a terminal obeys instead of showing them.
#pragma once

#include <cstddef>
#include <string_view>

namespace patchpipe {

struct Control {
    std::size_t bytes;  ///< 0 if there is no such character
    char16_t code;
};

/// The control character at the front of the text, which must be UTF-8: U+0000 to U+001F, U+007F to
/// U+009F, and those that change the direction of the text around them: U+061C, U+200E, U+200F,
/// U+202A to U+202E, U+2066 to U+2069.
[[nodiscard]] Control control_at_front(std::string_view text);

/// Whether a control character may begin with this byte.
[[nodiscard]] constexpr bool may_begin_control(char byte) {
    const auto value = static_cast<unsigned char>(byte);
    return value < 0x20 || value == 0x7f || value == 0xc2 || value == 0xd8 || value == 0xe2;
}

}  // namespace patchpipe
