// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/real_time.h"

#include <dlfcn.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cmath>
#include <csignal>
#include <ctime>

namespace patchpipe {
namespace {

timespec timespec_of(std::chrono::nanoseconds time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    return {seconds.count(), (time - seconds).count()};
}

// The system call itself: poll() in lib/shown uses another clock.
int raw_poll(pollfd* polled, nfds_t count, const timespec* timeout) {
    auto left = timeout ? *timeout : timespec{};  // the system call changes it
    return static_cast<int>(
        syscall(SYS_ppoll, polled, count, timeout ? &left : nullptr, nullptr, NSIG / 8));
}

}  // namespace

// The C library's function, which lib/shown hides behind one of its own. It needs no system call.
RealClock::time_point RealClock::now() noexcept {
    static auto* const real =
        reinterpret_cast<decltype(&clock_gettime)>(dlsym(RTLD_NEXT, "clock_gettime"));
    timespec now{};
    real(CLOCK_MONOTONIC, &now);
    return time_point(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
}

int real_poll(pollfd* polled, nfds_t count, std::chrono::milliseconds timeout) {
    const auto time = timespec_of(timeout);
    return raw_poll(polled, count, timeout.count() < 0 ? nullptr : &time);
}

double in_milliseconds(std::chrono::duration<double, std::milli> time) {
    return std::round(time.count() * 1000) / 1000;
}

void real_sleep(std::chrono::nanoseconds time) {
    const auto end = timespec_of(time);
    raw_poll(nullptr, 0, &end);
}

}  // namespace patchpipe
