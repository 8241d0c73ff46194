// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which pages of this process's memory were written since a certain moment. The kernel notes it in
// the page tables, without a signal or a message (Linux 6.7: userfaultfd's asynchronous write
// protection, and the ioctl PAGEMAP_SCAN of /proc/self/pagemap, both as corrected in July 2026).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace patchpipe {

/// Addresses from start to just before end.
struct Range {
    std::uintptr_t start, end;

    [[nodiscard]] std::size_t size() const { return end - start; }
    [[nodiscard]] bool contains(std::uintptr_t address) const {
        return start <= address && address < end;
    }
};

/// None of the functions allocates memory, and an object can live in any memory.
class PageTracker {
 public:
    /// False if the kernel cannot do it, or refuses.
    [[nodiscard]] bool open();

    /// Tracks a mapping, of which all pages count as written until protect(). False if the kernel
    /// cannot track this one: shared files that this process may not write to, and its own.
    [[nodiscard]] bool add(Range mapping) const;

    /// From now on no page in the range counts as written.
    [[nodiscard]] bool protect(Range range) const;

    enum class Scan {
        done,
        untracked,  ///< something in the range is mapped that was not added
        too_many,   ///< more than the room for the answer
    };
    /// Finds the written pages in a range. Adds neighbours as one range each to found, from
    /// `count` on.
    [[nodiscard]] Scan written(Range range, std::span<Range> found, std::size_t& count) const;

    /// True if all that is mapped in the range was added.
    [[nodiscard]] bool tracks(Range range) const;

    [[nodiscard]] std::span<const int> descriptors() const { return descriptors_; }

 private:
    [[nodiscard]] bool sees_missing_tables() const;

    int descriptors_[2];  // userfaultfd, pagemap
};

/// Gives a descriptor a high number, so that those that are opened later have the numbers that they
/// would have without it. -1 if that fails, or if it is negative.
[[nodiscard]] int moved_up(int fd);

}  // namespace patchpipe
