// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Real time, for deadlines and measurements in a process that shows its plug-in another clock
// (shown/clock.h).
#pragma once

#include <poll.h>
#include <chrono>

namespace patchpipe {

/// A clock like std::chrono::steady_clock, with the same time points.
struct RealClock {
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<RealClock>;
    static constexpr bool is_steady = true;

    [[nodiscard]] static time_point now() noexcept;
};

/// poll() with the timeout in real time; negative: no limit. Returns what poll() returns.
int real_poll(pollfd* polled, nfds_t count, std::chrono::milliseconds timeout);

/// Milliseconds to the microsecond, for a record: what is below is noise.
[[nodiscard]] double in_milliseconds(std::chrono::duration<double, std::milli> time);

void real_sleep(std::chrono::nanoseconds time);

}  // namespace patchpipe
