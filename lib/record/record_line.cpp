// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "record/record_line.h"

#include <array>
#include <charconv>
#include <cmath>

#include "base/json.h"
#include "base/utf8.h"

namespace patchpipe {
namespace {

template <typename Number>
void append_shortest(std::string& line, Number value) {
    std::array<char, 32> text;
    const auto end = std::to_chars(text.begin(), text.end(), value).ptr;
    line.append(text.begin(), end);
}

}  // namespace

std::string text_as_utf8(std::string_view text) {
    if (is_utf8(text)) return std::string(text);
    std::string utf8;
    for (const char c : text) append_utf8(utf8, static_cast<unsigned char>(c));
    return utf8;
}

void RecordLine::begin(std::string_view key) {
    if (closed_) line_.pop_back();
    closed_ = false;
    line_ += line_.empty() ? "{\"" : ",\"";
    line_ += key;
    line_ += "\":";
}

RecordLine& RecordLine::text(std::string_view key, std::string_view value) {
    begin(key);
    is_utf8(value) ? append_json_text(line_, value) : append_json_text(line_, text_as_utf8(value));
    return *this;
}

RecordLine& RecordLine::number(std::string_view key, double value) {
    begin(key);
    if (std::isfinite(value))
        append_shortest(line_, value);
    else
        line_ += "null";
    return *this;
}

RecordLine& RecordLine::put_whole(std::string_view key, std::int64_t value) {
    begin(key);
    append_shortest(line_, value);
    return *this;
}

RecordLine& RecordLine::flag(std::string_view key, bool value) {
    begin(key);
    line_ += value ? "true" : "false";
    return *this;
}

RecordLine& RecordLine::json(std::string_view key, std::string_view value) {
    begin(key);
    line_ += value;
    return *this;
}

std::string_view RecordLine::line() {
    if (!closed_) line_ += '}';
    closed_ = true;
    return line_;
}

}  // namespace patchpipe
