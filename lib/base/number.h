// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Numbers from text, whatever the locale is. The whole text must be the number.
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string_view>

namespace patchpipe {

/// Parses a decimal number that is finite. Returns nothing for anything else.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

/// Parses a whole number. Returns nothing for anything else, and for a number that the type cannot
/// hold.
template <std::integral Number>
[[nodiscard]] std::optional<Number> parse_whole(std::string_view text, int base = 10) {
    Number value = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value, base);
    if (error != std::errc{} || stop != end) return {};
    return value;
}

}  // namespace patchpipe
