// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Wakes a thread of another process, through memory that both share.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace patchpipe {

/// Any thread posts or waits. Valid where all bytes are zero.
class EventCount {
 public:
    /// How often it was posted. Look at it first, then at what you wait for, then wait().
    [[nodiscard]] std::uint32_t count() const { return count_; }

    /// Wakes the threads that wait. Never waits itself: an audio callback may call it.
    void post();

    /// Waits until it was posted more often than `seen`, or until that much time has passed. May
    /// return early.
    void wait(std::uint32_t seen, std::chrono::milliseconds limit);

 private:
    std::atomic<std::uint32_t> count_, waiting_;
};

}  // namespace patchpipe
