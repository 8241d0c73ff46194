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

#include "path/huge_pages.h"

namespace patchpipe {

class UniquePaths {
 public:
    /// The path without its extension, as it came if no earlier path + extension is like it but for
    /// letter case and Unicode form, else with the first of "_1", "_2", ... behind it that is free.
    /// The path must be UTF-8. Constant time on average, also when all paths are alike, and 24 to
    /// 48 bytes of memory for each, 72 at most while the table grows.
    [[nodiscard]] std::string claim(std::string path, std::string_view extension);

 private:
    /// 96 bits of hash stand for the path: no two are the same, and if they were, a suffix would
    /// stand where none is needed.
    struct Slot {
        std::uint64_t low = 0;
        std::uint32_t high = 0;
        std::uint32_t next_suffix = 0;  // that is tried when the path comes again; 0: a free slot
    };

    // Of a power of two of slots, searched from low on.
    using Slots = std::vector<Slot, HugePages<Slot>>;

    static Slot hashed(std::string_view path);
    static Slot& find(Slots& slots, const Slot& wanted);
    bool take(const Slot& path);
    void grow();

    Slots slots_ = Slots(1024);
    std::size_t used_ = 0;
};

}  // namespace patchpipe
