// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Replaces the functions for timers with a descriptor. A timer expires after as much real time as
// it had left on the shown clock, and the clock of the thread that reads the expiry moves on to it.
#include <sys/timerfd.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>

#include "shown/checked_functions.h"
#include "shown/clock.h"
#include "shown/next.h"
#include "shown/realtime_calls.h"
#include "shown/shown_time.h"

using namespace patchpipe;

namespace {

using std::chrono::nanoseconds;

struct Timer {
    std::atomic<bool> runs = false;
    std::atomic<nanoseconds> end{nanoseconds(0)};   // next expiry
    std::atomic<nanoseconds> step{nanoseconds(0)};  // between expiries; 0 if it expires once
};

// By descriptor. Timers with higher descriptors expire as well, but do not move the clock.
std::array<Timer, 1024> timers;

Timer* timer_at(int fd) {
    const auto index = static_cast<std::size_t>(fd);
    return index < timers.size() ? &timers[index] : nullptr;
}

bool is_zero(const timespec& time) { return time.tv_sec == 0 && time.tv_nsec == 0; }

nanoseconds time_left(int flags, const timespec& time) {
    if (!(flags & TFD_TIMER_ABSTIME)) return nanoseconds_of(time);
    return std::max(nanoseconds_of(time) - shown_time_of(clock_of(time)), nanoseconds(1));
}

void start(Timer& timer, nanoseconds left, const itimerspec& times) {
    timer.end = shown_time_of(CLOCK_MONOTONIC) + left;
    timer.step = nanoseconds_of(times.it_interval);
    timer.runs = !is_zero(times.it_value);
}

// The timer may have been closed and its number given to another descriptor.
bool is_timer(int fd) {
    itimerspec left{};
    return timerfd_gettime(fd, &left) == 0;
}

void expire(Timer& timer, std::uint64_t times) {
    const nanoseconds end = timer.end, step = timer.step;
    const auto last = end + static_cast<std::int64_t>(times - 1) * step;
    pass(last - shown_time_of(CLOCK_MONOTONIC));
    timer.end = last + step;
    timer.runs = step > nanoseconds(0);
}

// Call after this many bytes were read.
void note_read(int fd, const void* bytes, ssize_t size) {
    std::uint64_t times = 0;
    if (size != sizeof times || !host_clock_is_shown()) return;
    auto* const timer = timer_at(fd);
    if (!timer || !timer->runs || !is_timer(fd)) return;
    std::memcpy(&times, bytes, sizeof times);
    expire(*timer, times);
}

}  // namespace

extern "C" {

int timerfd_settime(int fd, int flags, const itimerspec* times, itimerspec* before) noexcept {
    note_realtime_call(RealtimeCall::system, "timerfd_settime");
    using Function = int(int, int, const itimerspec*, itimerspec*);
    if (!host_clock_is_shown()) return next<"timerfd_settime", Function>(fd, flags, times, before);
    const auto left = time_left(flags, times->it_value);
    auto real = *times;
    if (!is_zero(times->it_value)) real.it_value = timespec_of(left);
    const int result = next<"timerfd_settime", Function>(fd, 0, &real, before);
    if (auto* const timer = timer_at(fd); timer && result == 0) start(*timer, left, *times);
    return result;
}

ssize_t read(int fd, void* bytes, std::size_t room) {
    note_realtime_call(RealtimeCall::system, "read");
    const auto size = next<"read", ssize_t(int, void*, std::size_t)>(fd, bytes, room);
    note_read(fd, bytes, size);
    return size;
}

// Programs compiled with _FORTIFY_SOURCE call this.
ssize_t __read_chk(int fd, void* bytes, std::size_t wanted, std::size_t room) {
    note_realtime_call(RealtimeCall::system, "__read_chk");
    using Function = ssize_t(int, void*, std::size_t, std::size_t);
    const auto size = next<"__read_chk", Function>(fd, bytes, wanted, room);
    note_read(fd, bytes, size);
    return size;
}

}  // extern "C"
