// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What names need to know about characters, in ASCII and in Unicode. All texts must be UTF-8.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace patchpipe {

/// A-Z, a-z and 0-9, whatever the locale.
[[nodiscard]] constexpr bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// A-Z become a-z, whatever the locale; the rest stays.
[[nodiscard]] std::string lower_ascii(std::string_view text);

/// Normal form C: letters with their marks as one character where there is one.
[[nodiscard]] std::string composed_form(std::string_view text);

/// The same for two names that are one name on some file system: case folded, in normal form C,
/// without invisible characters. Not for display.
[[nodiscard]] std::string folded_form(std::string_view text);

/// The first character and its length in bytes. The text must not be empty.
[[nodiscard]] std::pair<char32_t, std::size_t> first_character(std::string_view text);

}  // namespace patchpipe
