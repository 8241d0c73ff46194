// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/text_grammar.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>

#include "base/error.h"
#include "base/number.h"
#include "base/words.h"
#include "record/record_line.h"
#include "record/stream.h"

namespace patchpipe {
namespace {

constexpr std::string_view blanks = " \t\r\f\v";
constexpr std::size_t most_channels = 32;

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(blanks);
    if (begin == text.npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

bool same_word(std::string_view text, std::string_view upper) {
    return std::equal(text.begin(), text.end(), upper.begin(), upper.end(), [](char a, char b) {
        return (a >= 'a' && a <= 'z' ? static_cast<char>(a - 32) : a) == b;
    });
}

struct KeyedLine {
    std::string_view key, value;  // as "SAMPLE" and what is behind the colon
};

// A line that begins with a key; the value is as it stands.
std::optional<KeyedLine> keyed(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == line.npos) return {};
    for (const std::string_view key : {"TITLE", "SAMPLE", "PATTERN", "ORDER"})
        if (same_word(line.substr(0, colon), key)) return KeyedLine{key, line.substr(colon + 1)};
    return {};
}

// The parts of a text, without the blanks around them; empty ones are left out.
std::vector<std::string_view> split(std::string_view text, std::string_view at) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of(at), text.size());
        if (const auto part = trimmed(text.substr(0, end)); !part.empty()) parts.push_back(part);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

class Parser {
 public:
    Parser(const std::string& path, const WriteLine& write) : path_(path), write_(write) {}

    TextModule parse(std::string_view text) {
        for (number_ = 1; !text.empty(); ++number_) {
            const auto end = std::min(text.find('\n'), text.size());
            if (const auto line = trimmed(text.substr(0, end)); !line.empty() && line[0] != '#')
                take(line);
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        std::erase_if(module_.patterns, [](const auto& pattern) { return pattern.empty(); });
        set_order();
        return std::move(module_);
    }

 private:
    void take(std::string_view line) {
        const auto found = keyed(line);
        if (!found || is_row(*found)) return take_row(line);
        const auto value = trimmed(found->value);
        if (found->key == "TITLE") module_.title = text_as_utf8(value);
        if (found->key == "SAMPLE") declare(value);
        if (found->key == "PATTERN") {
            module_.patterns.emplace_back();
            within_pattern_ = true;
        }
        if (found->key == "ORDER") {
            order_ = split(value, ",");
            within_pattern_ = false;
        }
    }

    // "SAMPLE:x" in a pattern plays x; "SAMPLE: x" declares it.
    [[nodiscard]] bool is_row(const KeyedLine& line) const {
        return within_pattern_ && line.key == "SAMPLE" && !line.value.empty() &&
               blanks.find(line.value[0]) == blanks.npos;
    }

    void take_row(std::string_view line) {
        if (!within_pattern_)
            return complain("is in no pattern, and is left out; put it below a PATTERN:");
        TextModule::Row row;
        const auto tokens = split(line, " \t,");
        for (std::size_t i = 0; i < std::min(tokens.size(), most_channels); ++i) {
            const auto cell = keyed(tokens[i]);
            if (!cell || cell->key != "SAMPLE" || cell->value.empty()) continue;
            row.push_back({i, sample_named(text_as_utf8(cell->value))});
            module_.channels = std::max(module_.channels, i + 1);
        }
        if (tokens.size() > most_channels && wide_rows_++ == 0)
            module_.warnings.push_back("line " + std::to_string(number_) + " has " +
                                       std::to_string(tokens.size()) +
                                       " channels, of which the first 32 play");
        module_.patterns.back().push_back(std::move(row));
    }

    // "name, path=p, k=v"
    void declare(std::string_view value) {
        const auto parts = split(value, ",");
        if (parts.empty() || value.starts_with(','))
            return complain("names no sample, and is left out; give it a name");
        auto& sample = module_.samples[sample_named(text_as_utf8(parts[0]))];
        for (const auto part : std::span(parts).subspan(1)) {
            const auto equals = std::min(part.find('='), part.size());
            const auto key = text_as_utf8(trimmed(part.substr(0, equals)));
            const auto text = text_as_utf8(trimmed(part.substr(std::min(equals + 1, part.size()))));
            if (same_word(key, "PATH"))
                sample.path = text;
            else if (!key.empty())
                sample.meta.set(key, text);
            // Each is looked for among all before it.
            constexpr std::size_t most_meta = std::size_t{1} << 14;
            if (sample.meta.line().size() > most_meta)
                return complain("says too much of a sample, and its end is left out; shorten it");
        }
    }

    std::size_t sample_named(const std::string& name) {
        const auto [found, is_new] = numbers_.try_emplace(name, module_.samples.size());
        if (is_new) module_.samples.push_back({.name = name, .path = ""});
        return found->second;
    }

    // Without an order, every pattern once. What is no pattern's number is left out.
    void set_order() {
        if (!order_)
            for (std::size_t i = 0; i < module_.patterns.size(); ++i) module_.order.push_back(i);
        std::vector<std::string> left_out;
        for (const auto part : order_.value_or(std::vector<std::string_view>())) {
            const auto number = parse_whole<std::size_t>(part);
            if (number && *number < module_.patterns.size())
                module_.order.push_back(*number);
            else
                left_out.push_back(readable(part));
        }
        if (!left_out.empty())
            module_.warnings.push_back("the order names what is no pattern: " +
                                       some_of(std::move(left_out)));
    }

    void complain(const std::string& message) const {
        auto record = error_record(
            Error(ErrorKind::corrupt, path_, "line " + std::to_string(number_) + " " + message));
        record.set("line", number_);
        write_(record.line());
    }

    const std::string& path_;
    const WriteLine& write_;
    TextModule module_;
    std::unordered_map<std::string, std::size_t> numbers_;  // of samples
    std::optional<std::vector<std::string_view>> order_;
    bool within_pattern_ = false;
    std::size_t wide_rows_ = 0;
    std::int64_t number_ = 1;  // of the line
};

}  // namespace

bool is_text_module(std::string_view head) {
    head = without_byte_order_mark(head);
    while (!head.empty()) {
        const auto end = head.find('\n');
        const auto line = trimmed(head.substr(0, end));
        if (!line.empty() && line[0] != '#') return keyed(line).has_value();
        head.remove_prefix(end == head.npos ? head.size() : end + 1);
    }
    return false;
}

TextModule parse_text_module(std::string_view text, const std::string& path,
                             const WriteLine& write) {
    return Parser(path, write).parse(without_byte_order_mark(text));
}

}  // namespace patchpipe
