// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "path/unique_paths.h"

#include <xxhash.h>
#include <utility>

#include "path/characters.h"

namespace patchpipe {

UniquePaths::Slot UniquePaths::hashed(std::string_view path) {
    const auto hash = XXH3_128bits(path.data(), path.size());
    return {hash.low64, static_cast<std::uint32_t>(hash.high64), 1};
}

// The slot that it has, or the free one where it belongs.
UniquePaths::Slot& UniquePaths::find(Slots& slots, const Slot& wanted) {
    const auto mask = slots.size() - 1;
    auto at = wanted.low & mask;
    while (slots[at].next_suffix != 0 &&
           (slots[at].low != wanted.low || slots[at].high != wanted.high))
        at = (at + 1) & mask;
    return slots[at];
}

void UniquePaths::grow() {
    Slots larger(slots_.size() * 2);
    for (const auto& slot : slots_)
        if (slot.next_suffix != 0) find(larger, slot) = slot;
    slots_ = std::move(larger);
}

// False if it was taken before.
bool UniquePaths::take(const Slot& path) {
    if (used_ * 3 > slots_.size() * 2) grow();
    auto& slot = find(slots_, path);
    if (slot.next_suffix != 0) return false;
    slot = path;
    ++used_;
    return true;
}

std::string UniquePaths::claim(std::string path, std::string_view extension) {
    path += extension;
    const auto folded = folded_form(path);
    path.resize(path.size() - extension.size());
    const auto wanted = hashed(folded);
    if (take(wanted)) return path;
    // Suffixes below the next one were taken when an earlier path came to this name.
    auto next = find(slots_, wanted).next_suffix;
    std::string suffix, suffixed;
    do {
        suffix = "_" + std::to_string(next++);
        suffixed = folded;
        suffixed.insert(folded.size() - extension.size(), suffix);
    } while (!take(hashed(suffixed)));
    find(slots_, wanted).next_suffix = next;
    return path + suffix;
}

}  // namespace patchpipe
