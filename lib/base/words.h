// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names and lists as the words of a message. Not here: what the message is about.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace patchpipe {

/// The text, safe for a terminal and for JSON: the bytes of control characters (controls.h) become
/// \xNN, and so does every byte above 0x7f if the text is not UTF-8.
[[nodiscard]] std::string printable(std::string_view text);

/// The text as it is if it is UTF-8, else printable().
[[nodiscard]] std::string readable(std::string_view text);

/// The word with its article, chosen by how the word is spoken: "a VST3", "an LV2", "an fxp".
[[nodiscard]] std::string with_article(std::string_view word);

/// The first names in sorted order, for a message: "a, b, c and 12 more".
[[nodiscard]] std::string some_of(std::vector<std::string> names);

/// The words with that text between two of them, and with another between the last two if one is
/// given: "a, b or c".
template <typename Words>
[[nodiscard]] std::string joined(const Words& words, std::string_view between,
                                 std::string_view last = {}) {
    std::string text;
    std::size_t left = words.size();
    for (const auto& word : words) {
        if (left < words.size()) text += left == 1 && !last.empty() ? last : between;
        text += word;
        --left;
    }
    return text;
}

}  // namespace patchpipe
