// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "names/sanitise.h"

#include <md5.h>
#include <utf8proc.h>
#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "names/characters.h"

namespace patchpipe {
namespace {

std::string to_ascii_name(std::string_view text) {
    std::string name;
    name.reserve(text.size() + 8);  // room for an extension
    name.resize(text.size());
    std::size_t size = 0;
    for (const char c : text) {
        if (is_alphanumeric(c) || c == '-')
            name[size++] = c;
        else if (size > 0 && name[size - 1] != '_')
            name[size++] = '_';
    }
    name.resize(size);
    return name;
}

bool is_refused(char32_t c) {
    const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
    if (category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_ZL ||
        category == UTF8PROC_CATEGORY_ZP)
        return true;
    return c < 0x80 &&
           std::string_view("/\\:*?\"<>|").find(static_cast<char>(c)) != std::string_view::npos;
}

std::string to_unicode_name(std::string_view text) {
    const auto composed = composed_form(text);
    std::string name;
    std::size_t end = 0;    // behind the last character that may end a name
    bool replaced = false;  // a '_' is due before the next character
    for (std::string_view rest = composed; !rest.empty();) {
        const auto [character, size] = first_character(rest);
        const bool loose = character == '.' || character == ' ';
        if (is_refused(character)) {
            replaced = true;
        } else if (!name.empty() || !loose) {
            if (replaced && !name.empty()) name += '_';
            replaced = false;
            name += rest.substr(0, size);
            if (!loose) end = name.size();
        }
        rest.remove_prefix(size);
    }
    name.resize(end);
    return name;
}

void strip_end(std::string& name, Alphabet alphabet) {
    const auto* const loose = alphabet == Alphabet::ascii ? "_" : ". ";
    name.erase(name.find_last_not_of(loose) + 1);
}

// Windows opens a device for these names, whatever follows their first dot.
bool is_device(std::string_view base) {
    constexpr std::array names = {"con", "prn", "aux", "nul", "conin$", "conout$"};
    constexpr std::array superscripts = {"\u00b9", "\u00b2", "\u00b3"};
    if (base.size() > 7) return false;  // most names: CONOUT$ is the longest of a device
    const auto lower = lower_ascii(base);
    if (std::find(names.begin(), names.end(), lower) != names.end()) return true;
    if (!lower.starts_with("com") && !lower.starts_with("lpt")) return false;
    const auto number = std::string_view(lower).substr(3);
    return (number.size() == 1 && number[0] >= '0' && number[0] <= '9') ||
           std::find(superscripts.begin(), superscripts.end(), number) != superscripts.end();
}

void avoid_device(std::string& name, Alphabet alphabet) {
    auto base = std::string_view(name).substr(0, name.find('.'));
    base = base.substr(0, base.find_last_not_of(' ') + 1);
    if (!is_device(base)) return;
    const auto behind_word = base.size();
    name.resize(cut_to(name, longest_name - 1).size());
    strip_end(name, alphabet);
    name.insert(behind_word, "_");
}

std::string short_hash(std::string_view text) {
    std::array<char, MD5_DIGEST_STRING_LENGTH> hex;
    MD5Data(reinterpret_cast<const uint8_t*>(text.data()), text.size(), hex.data());
    return {hex.data(), 8};
}

}  // namespace

std::string sanitised(std::string_view text, Alphabet alphabet) {
    auto name = alphabet == Alphabet::ascii ? to_ascii_name(text) : to_unicode_name(text);
    name.resize(cut_to(name, longest_name).size());
    strip_end(name, alphabet);
    avoid_device(name, alphabet);
    return name;
}

std::string sanitised_or_hash(std::string_view text, Alphabet alphabet, std::string_view word) {
    auto name = sanitised(text, alphabet);
    return name.empty() ? std::string(word) + "_" + short_hash(text) : name;
}

std::string numbered_name(std::size_t number, std::string_view name) {
    constexpr std::size_t digits = 4;
    auto text = std::to_string(number);
    text.insert(0, digits - std::min(digits, text.size()), '0');
    const auto stem = sanitised(name, Alphabet::unicode);
    return stem.empty() ? text : text + " " + stem;
}

}  // namespace patchpipe
