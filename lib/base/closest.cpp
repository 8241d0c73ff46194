// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/closest.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "base/words.h"

namespace patchpipe {
namespace {

// Names come from files and plug-ins; what is compared of one is bounded.
constexpr std::size_t longest_compared = 64;

std::string lower(std::string_view text) {
    std::string lowered(text.substr(0, longest_compared));
    for (char& c : lowered)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lowered;
}

// Levenshtein's distance: how many characters have to be put in, taken out or changed.
std::size_t distance(std::string_view one, std::string_view other) {
    std::vector<std::size_t> row(other.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < one.size(); ++i) {
        std::size_t diagonal = row[0]++;
        for (std::size_t j = 0; j < other.size(); ++j) {
            const auto changed = diagonal + (one[i] == other[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({row[j] + 1, diagonal + 1, changed});
        }
    }
    return row.back();
}

}  // namespace

std::vector<std::string> closest(const std::vector<std::string>& names, std::string_view wanted,
                                 std::size_t most) {
    const auto sought = lower(wanted);
    std::vector<std::pair<std::size_t, std::string_view>> ranked;
    std::set<std::string_view> seen;
    for (const auto& name : names) {
        if (name.empty() || !seen.insert(name).second) continue;
        const auto candidate = lower(name);
        const bool holds = !sought.empty() && candidate.find(sought) != candidate.npos;
        const auto edits = distance(candidate, sought);
        const auto length = std::max(candidate.size(), sought.size());
        if (holds || 2 * edits <= length) ranked.emplace_back(holds ? 0 : edits, name);
    }
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::string> found;
    for (std::size_t i = 0; i < std::min(most, ranked.size()); ++i)
        found.emplace_back(ranked[i].second);
    return found;
}

std::string closest_words(const std::vector<std::string>& names, std::string_view wanted) {
    std::vector<std::string> quoted;
    for (const auto& name : closest(names, wanted)) quoted.push_back("'" + printable(name) + "'");
    if (quoted.empty()) return "";
    return std::string("; the closest ") + (quoted.size() > 1 ? "are " : "is ") +
           joined(quoted, ", ", " and ");
}

}  // namespace patchpipe
