// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/page_store.h"

#include <cstring>

namespace patchpipe {

// The bucket with the page's place, or the free one where it belongs.
std::uint32_t& PageStore::bucket_of(std::uintptr_t page) {
    constexpr std::uint64_t golden_ratio = 0x9e3779b97f4a7c15;
    auto bucket = (page / page_size * golden_ratio >> 32) % buckets;
    while (places_[bucket] != 0 && addresses_[places_[bucket]] != page)
        bucket = (bucket + 1) % buckets;
    return places_[bucket];
}

void PageStore::forget() {
    places_.fill(0);
    count_ = 0;
}

bool PageStore::put_back(Range pages, const Keeper& keeper) {
    for (auto page = pages.start; page < pages.end;) {
        if (count_ == most_pages) forget();
        const auto first_new = count_ + 1;
        auto end = page;  // of the new ones from here on
        for (; end < pages.end && count_ < most_pages && bucket_of(end) == 0; end += page_size) {
            bucket_of(end) = ++count_;
            addresses_[count_] = end;
        }
        const Range fresh{page, end};
        if (fresh.size() > 0 && !keeper.read(fresh, contents_[first_new].bytes)) return false;
        if (fresh.size() == 0) end += page_size;
        for (; page < end; page += page_size)
            std::memcpy(reinterpret_cast<void*>(page), contents_[bucket_of(page)].bytes, page_size);
    }
    return true;
}

}  // namespace patchpipe
