// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The clock that plug-ins see, and replacements for the C library's functions that return the time.
#include "shown/clock.h"

#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>

#include "shown/random.h"
#include "shown/shown_time.h"

namespace patchpipe {
namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds look{1000};                              // how far reading the clock moves it
constexpr nanoseconds epoch = std::chrono::hours(24) * 18262;  // 2020-01-01, for the time of day
// Far apart, so that the time that a thread waits while loading never reaches into the render.
constexpr nanoseconds job_start = std::chrono::hours(1), render_start = std::chrono::hours(2);

std::atomic<bool> shown = false;
std::atomic<nanoseconds> transport{nanoseconds(0)};  // since the clock's start
nanoseconds first_hour{0};  // if jobs share a process, the hour after the previous job

// How far a thread's own clock is ahead of the transport, and the last time that it showed.
struct ThreadTime {
    nanoseconds ahead{0}, last{0};
};
thread_local ThreadTime thread_time;

// A thread's time never goes back, although the transport does if jobs share a process.
nanoseconds shown_time() {
    const auto now = transport.load(std::memory_order_relaxed);
    thread_time.ahead = std::max(thread_time.ahead, thread_time.last - now) + look;
    return thread_time.last = now + thread_time.ahead;
}

bool is_clock_of_day(clockid_t clock) {
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI;
}

timeval timeval_of(const timespec& time) { return {time.tv_sec, time.tv_nsec / 1000}; }

}  // namespace

nanoseconds shown_time_of(clockid_t clock) {
    return shown_time() + (is_clock_of_day(clock) ? epoch : nanoseconds(0));
}

nanoseconds real_time_of(clockid_t clock) {
    timespec now{};
    syscall(SYS_clock_gettime, clock, &now);
    return std::chrono::seconds(now.tv_sec) + nanoseconds(now.tv_nsec);
}

void pass(nanoseconds time) {
    if (host_clock_is_shown()) thread_time.ahead += std::max(time, nanoseconds(0));
}

nanoseconds nanoseconds_of(const timespec& time) {
    constexpr std::int64_t century = std::int64_t{100} * 365 * 86400;
    return std::chrono::seconds(std::clamp<std::int64_t>(time.tv_sec, -century, century)) +
           nanoseconds(time.tv_nsec);
}

timespec timespec_of(nanoseconds time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    return {seconds.count(), (time - seconds).count()};
}

clockid_t clock_of(const timespec& deadline) {
    return nanoseconds_of(deadline) >= epoch ? CLOCK_REALTIME : CLOCK_MONOTONIC;
}

void show_host_clock() { shown = true; }

bool host_clock_is_shown() { return shown.load(std::memory_order_relaxed); }

void start_host_clock() {
    if (thread_time.last >= first_hour + job_start)
        first_hour = std::chrono::ceil<std::chrono::hours>(thread_time.last);
    transport = first_hour + job_start;
    thread_time.ahead = nanoseconds(0);
    start_random_numbers();
}

void set_host_clock(double seconds) {
    transport = first_hour + render_start + nanoseconds(std::llround(seconds * 1e9));
    thread_time.ahead = nanoseconds(0);
}

}  // namespace patchpipe

using namespace patchpipe;

extern "C" {

int clock_gettime(clockid_t clock, timespec* now) noexcept {
    if (!host_clock_is_shown()) return static_cast<int>(syscall(SYS_clock_gettime, clock, now));
    *now = timespec_of(shown_time_of(clock));
    return 0;
}

int timespec_get(timespec* now, int base) noexcept {
    if (base != TIME_UTC) return 0;
    clock_gettime(CLOCK_REALTIME, now);
    return base;
}

int gettimeofday(timeval* __restrict now, void* __restrict zone) noexcept {
    if (zone) *static_cast<struct timezone*>(zone) = {};
    timespec time{};
    clock_gettime(CLOCK_REALTIME, &time);
    *now = timeval_of(time);
    return 0;
}

time_t time(time_t* now) noexcept {
    timespec time{};
    clock_gettime(CLOCK_REALTIME, &time);
    if (now) *now = time.tv_sec;
    return time.tv_sec;
}

clock_t clock() noexcept {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    static_assert(CLOCKS_PER_SEC == 1000000);
    return nanoseconds_of(time) / std::chrono::microseconds(1);
}

}  // extern "C"
