// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "names/characters.h"

#include <utf8proc.h>
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace patchpipe {
namespace {

struct Free {
    void operator()(utf8proc_uint8_t* text) const { std::free(text); }
};

const utf8proc_uint8_t* bytes_of(std::string_view text) {
    return reinterpret_cast<const utf8proc_uint8_t*>(text.data());
}

std::string map(std::string_view text, int options) {
    utf8proc_uint8_t* mapped = nullptr;
    const auto size = utf8proc_map(bytes_of(text), static_cast<utf8proc_ssize_t>(text.size()),
                                   &mapped, static_cast<utf8proc_option_t>(options));
    const std::unique_ptr<utf8proc_uint8_t, Free> owner(mapped);
    if (size < 0) throw std::runtime_error(utf8proc_errmsg(size));
    return {reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(size)};
}

bool is_ascii(std::string_view text) {
    unsigned char bits = 0;
    for (const char c : text) bits |= static_cast<unsigned char>(c);
    return bits < 0x80;
}

}  // namespace

std::string lower_ascii(std::string_view text) {
    std::string lower(text.size(), ' ');
    std::transform(text.begin(), text.end(), lower.begin(), [](char c) {
        return static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    });
    return lower;
}

std::string composed_form(std::string_view text) {
    if (is_ascii(text)) return std::string(text);
    return map(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

std::string folded_form(std::string_view text) {
    if (is_ascii(text)) return lower_ascii(text);
    constexpr int fold = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
    return map(text, fold);
}

std::pair<char32_t, std::size_t> first_character(std::string_view text) {
    utf8proc_int32_t character = 0;
    const auto size =
        utf8proc_iterate(bytes_of(text), static_cast<utf8proc_ssize_t>(text.size()), &character);
    if (size <= 0) throw std::runtime_error("text is not UTF-8");
    return {static_cast<char32_t>(character), static_cast<std::size_t>(size)};
}

}  // namespace patchpipe
