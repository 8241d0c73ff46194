// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Memory for a large table that is accessed at random: with pages of 2 MB the processor rarely has
// to walk the page tables first.
#pragma once

#include <sys/mman.h>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace patchpipe {

/// An allocator for std::vector. It asks the kernel for huge pages unless the table is smaller than
/// one; the kernel may give small ones. Items without initialisers are left uninitialised.
template <typename Item>
struct HugePages {
    using value_type = Item;
    static constexpr std::size_t page = std::size_t{2} << 20;

    static Item* allocate(std::size_t count) {
        const auto size = count * sizeof(Item);
        const auto whole = (size + page - 1) / page * page;
        void* const memory = size < page ? std::malloc(size) : std::aligned_alloc(page, whole);
        if (!memory) throw std::bad_alloc();
        if (size >= page) (void)madvise(memory, whole, MADV_HUGEPAGE);
        return static_cast<Item*>(memory);
    }
    static void deallocate(Item* memory, std::size_t /*count*/) { std::free(memory); }
    static void construct(Item* item) { ::new (item) Item; }
    static void construct(Item* item, const Item& value) { ::new (item) Item(value); }

    bool operator==(const HugePages&) const = default;
};

}  // namespace patchpipe
