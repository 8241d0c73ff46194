// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/json.h"

#include <simdjson.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "base/controls.h"
#include "base/hex.h"

namespace patchpipe {
namespace {

std::string escape(char16_t c) {
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
    return "\\u" + to_hex(c, 4);
}

constexpr auto escape_table = [] {
    std::array<bool, 256> table{};
    for (unsigned byte = 0; byte < table.size(); ++byte)
        table[byte] = may_begin_control(static_cast<char>(byte)) || byte == '"' || byte == '\\';
    return table;
}();

constexpr auto may_need_escape = [](char c) { return escape_table[static_cast<unsigned char>(c)]; };

// Moves one character that may need escaping from the front of text to out. More are escaped than
// JSON demands, because a record may be printed to a terminal.
void append_escaped(std::string& out, std::string_view& text) {
    const auto control = control_at_front(text);
    const bool quoted = text.front() == '"' || text.front() == '\\';
    if (control.bytes > 0 || quoted)
        out += escape(quoted ? static_cast<char16_t>(text.front()) : control.code);
    else
        out += text.front();
    text.remove_prefix(std::max<std::size_t>(control.bytes, 1));
}

template <typename Number>
std::string shortest(Number value) {
    std::array<char, 32> text;
    const auto end = std::to_chars(text.begin(), text.end(), value).ptr;
    return {text.begin(), end};
}

}  // namespace

void append_json_text(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const auto* const plain_end = std::find_if(text.begin(), text.end(), may_need_escape);
        out.append(text.begin(), plain_end);
        text.remove_prefix(static_cast<std::size_t>(plain_end - text.begin()));
        if (text.empty()) break;
        append_escaped(out, text);
    }
    out += '"';
}

std::string json_text(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 2);
    append_json_text(out, text);
    return out;
}

std::string json_number(double value) { return std::isfinite(value) ? shortest(value) : "null"; }

std::string json_number(std::int64_t value) { return shortest(value); }

std::string json_flag(bool value) { return value ? "true" : "false"; }

std::string json_list(const std::vector<std::string>& texts) {
    std::string json;
    for (const auto& text : texts) json += (json.empty() ? "" : ",") + json_text(text);
    return "[" + json + "]";
}

std::vector<std::string> json_texts(std::string_view array) {
    simdjson::dom::parser parser;
    simdjson::dom::array items;
    std::vector<std::string> texts;
    if (parser.parse(array.data(), array.size()).get(items)) return texts;
    for (const auto item : items) {
        std::string_view text;
        if (!item.get(text)) texts.emplace_back(text);
    }
    return texts;
}

std::optional<std::vector<std::string>> json_elements(std::string_view array) {
    simdjson::dom::parser parser;
    simdjson::dom::array items;
    if (parser.parse(array.data(), array.size()).get(items)) return {};
    std::vector<std::string> elements;
    for (const auto item : items) elements.push_back(simdjson::minify(item));
    return elements;
}

std::string json_compact(std::string_view json) {
    std::string compact(json.size(), '\0');
    std::size_t size = 0;
    if (simdjson::minify(json.data(), json.size(), compact.data(), size))
        throw std::invalid_argument("json_compact: not JSON");
    compact.resize(size);
    return compact;
}

}  // namespace patchpipe
