// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/rpp_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace patchpipe {
namespace {

constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }

std::size_t skip_blanks(std::string_view line, std::size_t from) {
    while (from < line.size() && is_blank(line[from])) ++from;
    return from;
}

std::size_t find_blank(std::string_view line, std::size_t from) {
    while (from < line.size() && !is_blank(line[from])) ++from;
    return from;
}

double hexadecimal(std::string_view digits) {
    std::uint64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    return static_cast<double>(value);
}

}  // namespace

std::string_view rpp_body(std::string_view line) {
    line.remove_prefix(skip_blanks(line, 0));
    return line;
}

RppKind rpp_kind(std::string_view line) {
    const auto body = rpp_body(line);
    if (body.empty()) return RppKind::blank;
    switch (body.front()) {
        case '<':
            return RppKind::open;
        case '>':
            return RppKind::close;
        case '|':
            return RppKind::text;
        default:
            return RppKind::plain;
    }
}

std::string_view rpp_tag(std::string_view line) {
    auto body = rpp_body(line);
    if (body.starts_with('<')) body.remove_prefix(1);
    return body.substr(0, find_blank(body, 0));
}

bool RppFields::split(std::string_view line) {
    fields_.clear();
    auto place = skip_blanks(line, 0);
    if (place < line.size() && line[place] == '<') ++place;
    for (; place < line.size(); place = skip_blanks(line, place)) {
        const bool quoted = is_quote(line[place]);
        const auto begin = place;
        const auto end = quoted ? line.find(line[place], place + 1) : find_blank(line, place);
        if (end == line.npos) {
            fields_.push_back({line.substr(begin + 1), begin, line.size()});
            return false;
        }
        const auto skipped = static_cast<std::size_t>(quoted);
        place = end + skipped;
        fields_.push_back({line.substr(begin + skipped, end - begin - skipped), begin, place});
    }
    return true;
}

std::string_view RppFields::text(std::size_t place) const {
    return place < fields_.size() ? fields_[place].text : std::string_view{};
}

double RppFields::number(std::size_t place) const { return rpp_number(text(place)); }

double rpp_number(std::string_view text) {
    if (text.starts_with("0x") || text.starts_with("0X")) return hexadecimal(text.substr(2));
    if (text.starts_with('+')) text.remove_prefix(1);
    std::array<char, 64> point;
    const auto comma = text.find(',');
    if (comma != text.npos && text.size() <= point.size()) {
        std::replace_copy(text.begin(), text.end(), point.begin(), ',', '.');
        text = {point.data(), text.size()};
    }
    double value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && std::isfinite(value) ? value : 0;
}

bool rpp_quoting_loses(std::string_view value) {
    const auto has = [&](char c) { return value.find(c) != value.npos; };
    return (has('"') && has('\'') && has('`')) || has('\n') || has('\r');
}

std::string rpp_quoted(std::string_view value) {
    const std::string text(value);
    const bool plain = !text.empty() && !is_quote(text[0]) && text[0] != '#' && text[0] != ';' &&
                       text.find_first_of(" \t\r\n") == text.npos;
    return plain ? text : rpp_always_quoted(text);
}

std::string rpp_always_quoted(std::string_view value) {
    std::string text(value);
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    for (const char quote : {'"', '\'', '`'})
        if (text.find(quote) == text.npos) return quote + text + quote;
    std::replace(text.begin(), text.end(), '`', '\'');
    return '`' + text + '`';
}

std::string rpp_decimal(double value) {
    std::array<char, 400> text;  // the largest double has 309 digits
    if (value == 0) return "0";  // -0 too
    const auto [end, error] =
        std::to_chars(text.begin(), text.end(), value, std::chars_format::fixed);
    return error == std::errc{} ? std::string(text.begin(), end) : "0";
}

std::string rpp_with_field(std::string_view line, std::size_t place, std::string_view field) {
    RppFields fields;
    fields.split(line);
    std::string changed(line);
    if (place < fields.size()) {
        const auto& old = fields[place];
        return changed.replace(old.begin, old.end - old.begin, field);
    }
    for (auto missing = fields.size(); missing < place; ++missing) changed += " 0";
    return changed.append(" ").append(field);
}

}  // namespace patchpipe
