// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "record/json.h"

#include <simdjson.h>
#include <algorithm>
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

bool needs_escape(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f || c == '"' || c == '\\';
}

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
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto plain = std::find_if(text.begin() + at, text.end(), needs_escape);
        out.append(text.begin() + at, plain);
        at = static_cast<std::size_t>(plain - text.begin());
        if (plain != text.end()) out += escape(static_cast<unsigned char>(*plain));
    }
    return out + '"';
}

std::string json_number(double value) { return std::isfinite(value) ? shortest(value) : "null"; }

std::string json_number(std::int64_t value) { return shortest(value); }

std::string json_flag(bool value) { return value ? "true" : "false"; }

bool is_utf8(std::string_view bytes) { return simdjson::validate_utf8(bytes.data(), bytes.size()); }

}  // namespace patchpipe
