// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The mappings of this process, from /proc/self/maps (proc_pid_maps(5)).
#pragma once

#include <sys/mman.h>
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "isolation/page_tracker.h"

namespace patchpipe {

struct Mapping {
    Range range;
    int protection;        ///< as for mmap()
    bool shared;           ///< with other processes
    bool is_stack;         ///< the main thread's, which grows downwards
    std::uint64_t inode;   ///< of the file, else 0
    std::uint64_t device;  ///< of the file
    std::uint64_t offset;  ///< in the file, of the range's start
    bool is_kernels;       ///< [vdso] and the like

    /// Of the kernel's half of the addresses, as [vsyscall].
    [[nodiscard]] bool is_outside() const { return static_cast<std::intptr_t>(range.start) < 0; }
    [[nodiscard]] bool is_writable() const { return (protection & PROT_WRITE) != 0; }
    [[nodiscard]] bool is_anonymous() const { return inode == 0 && !shared && !is_kernels; }

    /// True if both are pieces of one mapping, whatever their protection.
    [[nodiscard]] bool is_of_same(const Mapping& other) const;
};

/// Reads a line of the file; empty fields if it is not one.
[[nodiscard]] Mapping parse_mapping(std::string_view line);

/// True if the process may write to it, or may make it writable by mprotect().
[[nodiscard]] bool can_be_written(const Mapping& mapping);

/// The mappings at one moment, in the order of their addresses. An object can live in any memory,
/// and no function allocates.
class Mappings {
 public:
    static constexpr std::size_t most = 8192;

    /// Reads /proc/self/maps, open under this descriptor. False if that fails, or there are more.
    [[nodiscard]] bool read(int maps);

    [[nodiscard]] std::span<const Mapping> all() const { return {mappings_.data(), count_}; }

    /// The main thread's; empty if it is not among them.
    [[nodiscard]] Range stack() const;

    /// Calls visit with each part of the range, and the mapping that it belongs to or null.
    template <typename Visit>
    void for_each_part(Range range, Visit visit) const {
        const auto* mapping = first_that_ends_after(range.start);
        for (; mapping != end() && mapping->range.start < range.end; ++mapping) {
            if (mapping->range.start > range.start) {
                visit(Range{range.start, mapping->range.start}, nullptr);
                range.start = mapping->range.start;
            }
            const auto part_end = std::min(range.end, mapping->range.end);
            visit(Range{range.start, part_end}, mapping);
            range.start = part_end;
        }
        if (range.start < range.end) visit(range, nullptr);
    }

 private:
    [[nodiscard]] const Mapping* end() const { return mappings_.data() + count_; }
    [[nodiscard]] const Mapping* first_that_ends_after(std::uintptr_t address) const;

    std::size_t count_;
    std::array<Mapping, most> mappings_;
    std::array<char, 65536> text_;
};

}  // namespace patchpipe
