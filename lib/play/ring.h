// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A ring in shared memory between one thread that writes and one that reads: no locks, no waiting,
// no allocation. Each side keeps its own place itself, so that the other side, in which a plug-in
// may write anywhere, can make it read nonsense but never leave the ring.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace patchpipe {

/// What the two sides tell each other. Valid where all bytes are zero.
struct RingEnds {
    alignas(64) std::atomic<std::uint64_t> written;  ///< items, from the start
    alignas(64) std::atomic<std::uint64_t> read;
};

template <typename Item>
class Ring {
    static_assert(std::is_trivially_copyable_v<Item>);
    static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

 public:
    /// An object serves one side, and one thread at a time.
    Ring(RingEnds& ends, std::span<Item> items)
        : ends_(ends), items_(items), written_(ends.written), read_(ends.read) {}

    [[nodiscard]] std::size_t capacity() const { return items_.size(); }

    /// For the side that writes: how many items there is room for.
    [[nodiscard]] std::size_t room() const {
        const auto used = written_ - ends_.read.load(std::memory_order_acquire);
        return used < capacity() ? capacity() - used : 0;
    }

    /// Writes all of the items, which the reader then sees at once. There must be room for them.
    void write(std::span<const Item> items) {
        const auto [at, first] = place(written_, items.size());
        std::copy_n(items.begin(), first, items_.begin() + at);
        std::copy(items.begin() + first, items.end(), items_.begin());
        written_ += items.size();
        ends_.written.store(written_, std::memory_order_release);
    }

    /// For the side that reads: how many items are there.
    [[nodiscard]] std::size_t available() const {
        const auto ready = ends_.written.load(std::memory_order_acquire) - read_;
        return static_cast<std::size_t>(std::min<std::uint64_t>(ready, capacity()));
    }

    /// Reads so many items, which must be there.
    void read(std::span<Item> items) {
        const auto [at, first] = place(read_, items.size());
        std::copy_n(items_.begin() + at, first, items.begin());
        std::copy_n(items_.begin(), static_cast<std::ptrdiff_t>(items.size()) - first,
                    items.begin() + first);
        read_ += items.size();
        ends_.read.store(read_, std::memory_order_release);
    }

 private:
    struct Place {
        std::ptrdiff_t at, first;  // where it begins, and how much fits until the end
    };
    [[nodiscard]] Place place(std::uint64_t position, std::size_t size) const {
        const auto at = static_cast<std::size_t>(position % capacity());
        return {static_cast<std::ptrdiff_t>(at),
                static_cast<std::ptrdiff_t>(std::min(size, capacity() - at))};
    }

    RingEnds& ends_;
    std::span<Item> items_;
    std::uint64_t written_, read_;
};

}  // namespace patchpipe
