// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Makes paths that no file system takes for the same file. Only the paths given before are
// compared; the disk is not looked at.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "names/huge_pages.h"

namespace patchpipe {

class UniquePaths {
 public:
    /// Returns the path, without the extension, as it came if no earlier path + extension is equal
    /// to it in everything but letter case and Unicode form; else with the first of "_1", "_2", ...
    /// that is free. The path must be UTF-8. It takes constant time on average, even if all paths
    /// are the same, and 18 to 35 bytes of memory a path, 52 at most while the table grows.
    [[nodiscard]] std::string claim(std::string path, std::string_view extension);

 private:
    // 71 bits of a path's hash represent it. Two paths with the same bits would only cost an
    // unneeded suffix.
    struct Key {
        std::uint64_t hash;
        std::uint8_t tag;  // never 0
    };
    struct [[gnu::packed]] Slot {
        std::uint64_t hash;
        std::uint32_t next_suffix;  // to try when the path comes again
    };

    // A hash table whose size is a power of two. Most paths are new, and the tags are enough to see
    // that: a million of them fit into the processor's cache, a million slots do not.
    struct Table {
        explicit Table(std::size_t size) : tags(size, 0), slots(size) {}
        // The place of the key, or the free place where it belongs.
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
