// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Text in UTF-8: checking, cutting and writing it. Not here: what characters mean (controls.h,
// names/characters.h).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace patchpipe {

/// True if the bytes are well-formed UTF-8.
[[nodiscard]] bool is_utf8(std::string_view bytes);

/// The beginning of the text: at most that many bytes, and no part of a character at the end.
[[nodiscard]] std::string_view cut_to(std::string_view text, std::size_t most);

/// Appends a character, which must be at most U+10FFFF and no surrogate.
void append_utf8(std::string& text, char32_t character);

}  // namespace patchpipe
