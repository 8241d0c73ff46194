// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/number_list.h"

#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <unordered_set>

#include "base/error.h"

namespace patchpipe {
namespace {

struct Range {
    int first, last, step;
};

// A number that is too large or too small for an int is the last int of that side, which no list
// allows.
std::optional<int> parse_clamped(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end != text.data() + text.size()) return {};
    using Limits = std::numeric_limits<int>;
    if (error == std::errc::result_out_of_range)
        return text.starts_with('-') ? Limits::min() : Limits::max();
    return error == std::errc{} ? std::optional(value) : std::nullopt;
}

// "60", "36-84" or "36-84:12"; a leading minus sign is refused.
std::optional<Range> parse_range(std::string_view text) {
    const auto dash = text.find('-');
    if (dash == text.npos) {
        const auto value = parse_clamped(text);
        return value ? std::optional(Range{*value, *value, 1}) : std::nullopt;
    }
    const auto colon = text.find(':', dash);
    const auto first = parse_clamped(text.substr(0, dash));
    const auto last = parse_clamped(text.substr(dash + 1, colon - dash - 1));
    const auto step = colon == text.npos ? 1 : parse_clamped(text.substr(colon + 1));
    if (!first || !last || !step || *step < 1 || *first > *last) return {};
    return Range{*first, *last, *step};
}

}  // namespace

std::vector<int> parse_number_list(std::string_view what, std::string_view text, int min, int max) {
    std::vector<int> numbers;
    std::unordered_set<std::int64_t> seen;
    const auto refuse = [&](std::string_view part, const std::string& why) {
        throw UsageError(std::string(what) + ": '" + std::string(part) + "' " + why);
    };
    for (std::size_t at = 0; at <= text.size();) {
        const auto part = text.substr(at, text.find(',', at) - at);
        at += part.size() + 1;
        const auto range = parse_range(part);
        if (!range)
            refuse(part,
                   "is not a number or a range, which must rise; write 60, 36-84 or 36-84:12");
        if (range->first < min || range->last > max)
            refuse(part, "is not within " + std::to_string(min) + " to " + std::to_string(max));
        // 64 bits, because adding the step can overflow an int.
        for (std::int64_t value = range->first; value <= range->last; value += range->step)
            if (seen.insert(value).second) numbers.push_back(static_cast<int>(value));
    }
    return numbers;
}

}  // namespace patchpipe
