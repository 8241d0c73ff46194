// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "record/json.h"

#include <simdjson.h>
#include <array>
#include <charconv>
#include <cmath>

namespace patchpipe {
namespace {

std::string escape(unsigned char c) {
    switch (c) {
        case '"':
            return "\\\"";
        case '\\':
            return "\\\\";
        case '\n':
            return "\\n";
        case '\r':
            return "\\r";
        case '\t':
            return "\\t";
        default:
            break;
    }
    constexpr std::string_view hex = "0123456789abcdef";
    return {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
}

constexpr auto needs_escape = [] {
    std::array<bool, 256> table{};
    for (int byte = 0; byte < 0x20; ++byte) table[byte] = true;
    table['"'] = table['\\'] = table[0x7f] = true;
    return table;
}();

template <typename Number>
std::string shortest(Number value) {
    std::array<char, 32> text;
    const auto end = std::to_chars(text.begin(), text.end(), value).ptr;
    return {text.begin(), end};
}

}  // namespace

std::string json_text(std::string_view text) {
    std::string out = "\"";
    out.reserve(text.size() + 2);
    std::size_t plain_begin = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (!needs_escape[byte]) continue;
        out.append(text, plain_begin, at - plain_begin);
        out += escape(byte);
        plain_begin = at + 1;
    }
    out.append(text, plain_begin);
    out += '"';
    return out;
}

std::string json_number(double value) { return std::isfinite(value) ? shortest(value) : "null"; }

std::string json_number(std::int64_t value) { return shortest(value); }

std::string json_flag(bool value) { return value ? "true" : "false"; }

bool is_utf8(std::string_view bytes) { return simdjson::validate_utf8(bytes.data(), bytes.size()); }

}  // namespace patchpipe
