// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/record_changes.h"

#include <algorithm>

#include "base/json.h"
#include "base/number.h"

namespace patchpipe {

std::string normal_json(std::string_view json) {
    if (const auto number = parse_number(json)) return json_number(*number);
    const auto elements = json_elements(json);
    if (!elements) return json_compact(json);
    std::string text = "[";
    for (const auto& element : *elements) text += normal_json(element) + ",";
    return text + "]";
}

bool same_values(const Record& before, const Record& after,
                 std::initializer_list<std::string_view> keys) {
    return std::all_of(keys.begin(), keys.end(), [&](auto key) {
        const auto one = before.raw(key), other = after.raw(key);
        return !other || (one && normal_json(*one) == normal_json(*other));
    });
}

bool same_values(const std::vector<Record>& before, const std::vector<Record>& after,
                 std::initializer_list<std::string_view> keys) {
    return std::equal(before.begin(), before.end(), after.begin(), after.end(),
                      [&](const auto& one, const auto& other) {
                          return same_values(one, other, keys) &&
                                 one.text("type") == other.text("type");
                      });
}

Record changed_values(const Record& before, const Record& after) {
    auto changed = after;
    for (const auto& key : after.keys())
        if (before.raw(key) && same_values(before, after, {key})) changed.remove(key);
    return changed;
}

bool same_events(const std::vector<TickEvent>& before, const std::vector<TickEvent>& after) {
    return std::equal(before.begin(), before.end(), after.begin(), after.end(),
                      [](const auto& one, const auto& other) {
                          return one.tick == other.tick && one.bytes == other.bytes &&
                                 one.muted == other.muted && one.selected == other.selected &&
                                 one.extra == other.extra;
                      });
}

}  // namespace patchpipe
