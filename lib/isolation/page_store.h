// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The first contents of pages that were written once, so that they can be had again quickly.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "isolation/keeper.h"
#include "isolation/page_tracker.h"

namespace patchpipe {

inline constexpr std::size_t page_size = 4096;

/// An object must live in shared memory, which is zero at first and which nothing puts back. No
/// function allocates.
class PageStore {
 public:
    static constexpr std::size_t most_pages = 16384;

    /// Writes what the pages in this range had in them first, which the keeper knows. False if the
    /// keeper is gone.
    [[nodiscard]] bool put_back(Range pages, const Keeper& keeper);

 private:
    // Places are numbered from 1; all memory is zero at first.
    static constexpr std::size_t buckets = std::size_t{4} * most_pages;

    struct alignas(page_size) Page {
        char bytes[page_size];
    };

    [[nodiscard]] std::uint32_t& bucket_of(std::uintptr_t page);
    void forget();

    std::uint32_t count_;
    std::array<std::uint32_t, buckets> places_;
    std::array<std::uintptr_t, most_pages + 1> addresses_;
    std::array<Page, most_pages + 1> contents_;
};

}  // namespace patchpipe
