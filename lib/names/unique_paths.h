// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Paths of which no two are one file on any file system. It knows those that it gave; it looks at
// no disk.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "names/huge_pages.h"

namespace patchpipe {

class UniquePaths {
 public:
    /// The path without its extension, as it came if no earlier path + extension is like it but for
    /// letter case and Unicode form, else with the first of "_1", "_2", ... behind it that is free.
    /// The path must be UTF-8. Constant time on average, also when all paths are alike, and 18 to
    /// 35 bytes of memory for each, 52 at most while the table grows.
    [[nodiscard]] std::string claim(std::string path, std::string_view extension);

 private:
    // What stands for a path: 71 bits of its hash. No two are the same, and if they were, a suffix
    // would stand where none is needed.
    struct Key {
        std::uint64_t hash;
        std::uint8_t tag;  // never 0
    };
    struct [[gnu::packed]] Slot {
        std::uint64_t hash;
        std::uint32_t next_suffix;  // that is tried when the path comes again
    };

    // Of a power of two of places. Most paths are new, and for them the tags are enough: those lie
    // in the processor's cache, as a million slots do not.
    struct Table {
        explicit Table(std::size_t size) : tags(size, 0), slots(size) {}
        // The place that the key has, or the free one that is to be its.
        [[nodiscard]] std::size_t find(const Key& key) const;

        std::vector<std::uint8_t, HugePages<std::uint8_t>> tags;  // 0: a free place
        std::vector<Slot, HugePages<Slot>> slots;
    };

    static Key key_of(std::string_view path);
    bool take(const Key& key);
    void grow();

    Table table_{1024};
    std::size_t used_ = 0;
};

}  // namespace patchpipe
