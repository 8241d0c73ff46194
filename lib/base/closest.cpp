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

// In lower case, and without what separates words.
std::string letters_of(std::string_view name) {
    auto letters = lower(name);
    std::erase_if(letters, [](char c) { return c == '_' || c == '-'; });
    return letters;
}

}  // namespace

std::optional<std::string> misspelt(const std::vector<std::string>& names,
                                    std::string_view written) {
    constexpr std::size_t long_name = 8, short_name = 4;
    if (written.size() > longest_compared ||
        std::find(names.begin(), names.end(), written) != names.end())
        return {};
    const auto sought = letters_of(written);
    std::optional<std::string> best;
    std::size_t least = 3;
    for (const auto& name : names) {
        const auto letters = letters_of(name);
        const auto length = std::min(letters.size(), sought.size());
        const std::size_t allowed = length >= long_name ? 2 : length > short_name ? 1 : 0;
        const auto edits = distance(letters, sought);
        if (edits <= allowed && edits < least) {
            least = edits;
            best = name;
        }
    }
    return best;
}

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
