// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "names/foreign_names.h"

#include <utf8proc.h>
#include <algorithm>
#include <string_view>

#include "names/characters.h"

namespace patchpipe {
namespace {

constexpr std::size_t longest_part = 196;  // characters, in both programs
constexpr std::size_t most_bytes = 245;    // leaves room for a suffix in a file system's 255

// What a regular expression of Python calls a word: letters and numbers of every script.
bool is_word(char32_t c) {
    const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
           (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

bool stays(char32_t c, ForeignNames style) {
    if (c < 0x80) return is_alphanumeric(static_cast<char>(c)) || c == '-';
    return style == ForeignNames::serum_render && is_word(c);
}

// Makes one '_' of a run of them and removes those at the ends.
std::string with_single_underscores(std::string_view text) {
    std::string name;
    for (const char c : text)
        if (c != '_' || (!name.empty() && name.back() != '_')) name += c;
    if (name.ends_with('_')) name.pop_back();
    return name;
}

std::string sanitised(std::string_view text, ForeignNames style) {
    std::string name;
    while (!text.empty()) {
        const auto [character, size] = first_character(text);
        name += stays(character, style) ? text.substr(0, size) : "_";
        text.remove_prefix(size);
    }
    return with_single_underscores(name);
}

// Cut to the limits. Empty for "." and "..", which name folders of their own.
std::string cut(std::string_view text) {
    if (text.find_first_not_of('.') == text.npos) return "";
    std::size_t end = 0;
    for (std::size_t count = 0; count < longest_part && end < text.size(); ++count) {
        const auto size = first_character(text.substr(end)).second;
        if (end + size > most_bytes) break;
        end += size;
    }
    return std::string(text.substr(0, end));
}

std::string value_of(const Placeholder& placeholder, const Record& record, ForeignNames style) {
    auto value = placeholder.value(record);
    if (placeholder.name == "format" && value == "fxp") value = "serum1";
    const auto sanitise = [&](std::string_view name) { return sanitised(name, style); };
    return placeholder.makes_folders ? each_name(value, sanitise) : sanitise(value);
}

std::string numbered(std::size_t index) {
    constexpr std::size_t digits = 4;
    const auto number = std::to_string(index);
    return "preset_" + std::string(digits - std::min(digits, number.size()), '0') + number;
}

}  // namespace

std::string foreign_name(const NameTemplate& name, const Record& record, ForeignNames style,
                         std::size_t index) {
    const auto text = name.filled(
        [&](const Placeholder& placeholder) { return value_of(placeholder, record, style); });
    const auto path = each_name(with_single_underscores(text), cut);
    return path.empty() ? numbered(index) : path;
}

// vst-render numbers equal names without checking whether another preset has the numbered name: of
// "Bass", "Bass 1", "Bass" it writes the last two to Bass_1. Here the later one gets a suffix that
// vst-render never writes, so that the names after it keep their numbers.
std::string ForeignPaths::counted(const std::string& path) {
    const auto [entry, is_first] = count_.try_emplace(path, 0);
    const auto wanted = is_first ? path : path + "_" + std::to_string(++entry->second);
    auto free = wanted;
    for (std::size_t next = 1; !taken_.insert(free).second; ++next)
        free = wanted + "-" + std::to_string(next);
    return free;
}

std::string ForeignPaths::first_free(const std::string& path) {
    auto& count = count_[path];
    auto free = path;
    while (!taken_.insert(free).second) free = path + "_" + std::to_string(++count);
    return free;
}

std::string ForeignPaths::claim(const std::string& path) {
    return style_ == ForeignNames::vst_render ? counted(path) : first_free(path);
}

}  // namespace patchpipe
