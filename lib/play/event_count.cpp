// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "play/event_count.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <climits>
#include <ctime>

namespace patchpipe {

static_assert(std::atomic<std::uint32_t>::is_always_lock_free);

void EventCount::post() {
    ++count_;
    if (waiting_ > 0) syscall(SYS_futex, &count_, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

void EventCount::wait(std::uint32_t seen, std::chrono::milliseconds limit) {
    const timespec time{.tv_sec = limit.count() / 1000,
                        .tv_nsec = limit.count() % 1000 * 1'000'000};
    ++waiting_;
    if (count_ == seen) syscall(SYS_futex, &count_, FUTEX_WAIT, seen, &time, nullptr, 0);
    --waiting_;
}

}  // namespace patchpipe
