// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/words.h"

#include <algorithm>

#include "base/controls.h"
#include "base/hex.h"
#include "base/utf8.h"

namespace patchpipe {

std::string printable(std::string_view text) {
    const bool utf8 = is_utf8(text);
    std::string shown;
    while (!text.empty()) {
        const auto byte = static_cast<unsigned char>(text.front());
        auto hidden = control_at_front(text).bytes;
        if (!utf8) hidden = byte < 0x20 || byte >= 0x7f ? 1 : 0;
        for (std::size_t i = 0; i < hidden; ++i) shown += "\\x" + to_hex(text.substr(i, 1));
        if (hidden == 0) shown += text.front();
        text.remove_prefix(std::max<std::size_t>(hidden, 1));
    }
    return shown;
}

std::string readable(std::string_view text) {
    return is_utf8(text) ? std::string(text) : printable(text);
}

std::string with_article(std::string_view word) {
    constexpr std::string_view vowels = "aeiouAEIOU";
    // A word without a vowel is spelt out: "el vee two".
    const bool spelt = word.find_first_of(vowels) == word.npos;
    const auto open = spelt ? std::string_view("aefhilmnorsxAEFHILMNORSX") : vowels;
    const bool vowel = !word.empty() && open.find(word.front()) != open.npos;
    return (vowel ? "an " : "a ") + std::string(word);
}

std::string some_of(std::vector<std::string> names) {
    constexpr std::size_t most = 3;
    std::sort(names.begin(), names.end());
    const auto more = names.size() - std::min(most, names.size());
    names.resize(names.size() - more);
    auto list = joined(names, ", ");
    if (more > 0) list += " and " + std::to_string(more) + " more";
    return list;
}

}  // namespace patchpipe
