// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "names/unique_paths.h"

#include <xxhash.h>
#include <utility>

#include "names/characters.h"

namespace patchpipe {

UniquePaths::Key UniquePaths::key_of(std::string_view path) {
    const auto hash = XXH3_128bits(path.data(), path.size());
    return {hash.low64, static_cast<std::uint8_t>(hash.high64 | 0x80)};
}

std::size_t UniquePaths::Table::find(const Key& key) const {
    const auto mask = slots.size() - 1;
    auto at = key.hash & mask;
    while (tags[at] != 0 && (tags[at] != key.tag || slots[at].hash != key.hash))
        at = (at + 1) & mask;
    return at;
}

void UniquePaths::grow() {
    Table larger(table_.slots.size() * 2);
    for (std::size_t at = 0; at < table_.slots.size(); ++at) {
        if (table_.tags[at] == 0) continue;
        const auto to = larger.find({table_.slots[at].hash, table_.tags[at]});
        larger.tags[to] = table_.tags[at];
        larger.slots[to] = table_.slots[at];
    }
    table_ = std::move(larger);
}

// Returns false if the key was taken before.
bool UniquePaths::take(const Key& key) {
    if (used_ * 4 > table_.slots.size() * 3) grow();
    const auto at = table_.find(key);
    if (table_.tags[at] != 0) return false;
    table_.tags[at] = key.tag;
    table_.slots[at] = {key.hash, 1};
    ++used_;
    return true;
}

std::string UniquePaths::claim(std::string path, std::string_view extension) {
    path += extension;
    const auto folded = folded_form(path);
    path.resize(path.size() - extension.size());
    const auto wanted = key_of(folded);
    if (take(wanted)) return path;
    // Suffixes below next_suffix were given when an earlier path came to this name.
    auto next = table_.slots[table_.find(wanted)].next_suffix;
    std::string suffix, suffixed;
    do {
        suffix = "_" + std::to_string(next++);
        suffixed = folded;
        suffixed.insert(folded.size() - extension.size(), suffix);
    } while (!take(key_of(suffixed)));
    table_.slots[table_.find(wanted)].next_suffix = next;
    return path + suffix;
}

}  // namespace patchpipe
