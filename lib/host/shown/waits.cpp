// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Replaces the C library's functions that sleep, or wait for a time: it passes on the shown clock.
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstdarg>

#include "host/host_clock.h"
#include "host/shown/next.h"
#include "host/shown/shown_time.h"

using namespace patchpipe;

namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// Runs a wait of this length, which is over without an event if it returns over, or -1 with over in
// errno.
template <typename Wait>
auto wait_for(nanoseconds length, int over, Wait wait) {
    const auto result = wait();
    if (result == over || (result == -1 && errno == over)) pass(length);
    return result;
}

// Runs a wait for a deadline of the shown clock with one of the real clock.
template <typename Wait>
auto wait_until(clockid_t clock, const timespec* deadline, Wait wait, int over = ETIMEDOUT) {
    if (!host_clock_is_shown()) return wait(deadline);
    const auto left = nanoseconds_of(*deadline) - shown_time_of(clock);
    const auto real = timespec_of(real_time_of(clock) + left);
    return wait_for(left, over, [&] { return wait(&real); });
}

// A condition variable does not tell its clock.
clockid_t clock_of(const timespec& deadline) {
    return is_time_of_day(deadline) ? CLOCK_REALTIME : CLOCK_MONOTONIC;
}

}  // namespace

extern "C" {

int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
    const auto sleep = [&](const timespec* end) {
        return next<"clock_nanosleep", decltype(clock_nanosleep)>(clock, flags, end, left);
    };
    if (flags & TIMER_ABSTIME) return wait_until(clock, time, sleep, 0);
    return wait_for(nanoseconds_of(*time), 0, [&] { return sleep(time); });
}

int nanosleep(const timespec* time, timespec* left) {
    const int result = clock_nanosleep(CLOCK_MONOTONIC, 0, time, left);
    if (result == 0) return 0;
    errno = result;
    return -1;
}

int usleep(useconds_t microseconds) {
    const auto time = timespec_of(std::chrono::microseconds(microseconds));
    return nanosleep(&time, nullptr);
}

unsigned sleep(unsigned seconds) {
    const timespec time{seconds, 0};
    timespec left{};
    return nanosleep(&time, &left) == 0 ? 0 : static_cast<unsigned>(left.tv_sec);
}

int poll(pollfd* polled, nfds_t count, int timeout) {
    return wait_for(milliseconds(timeout), 0,
                    [&] { return next<"poll", decltype(poll)>(polled, count, timeout); });
}

int ppoll(pollfd* polled, nfds_t count, const timespec* timeout, const sigset_t* mask) {
    return wait_for(timeout ? nanoseconds_of(*timeout) : nanoseconds(0), 0,
                    [&] { return next<"ppoll", decltype(ppoll)>(polled, count, timeout, mask); });
}

int select(int count, fd_set* reads, fd_set* writes, fd_set* errors, timeval* timeout) {
    const auto time = timeout ? timespec{timeout->tv_sec, timeout->tv_usec * 1000} : timespec{};
    return wait_for(nanoseconds_of(time), 0, [&] {
        return next<"select", decltype(select)>(count, reads, writes, errors, timeout);
    });
}

int epoll_wait(int fd, epoll_event* events, int most, int timeout) {
    return wait_for(milliseconds(timeout), 0, [&] {
        return next<"epoll_wait", decltype(epoll_wait)>(fd, events, most, timeout);
    });
}

int pthread_cond_timedwait(pthread_cond_t* __restrict condition, pthread_mutex_t* __restrict mutex,
                           const timespec* __restrict deadline) {
    using Function = decltype(pthread_cond_timedwait);
    return wait_until(clock_of(*deadline), deadline, [&](const timespec* until) {
        return next<"pthread_cond_timedwait", Function>(condition, mutex, until);
    });
}

int pthread_cond_clockwait(pthread_cond_t* __restrict condition, pthread_mutex_t* __restrict mutex,
                           clockid_t clock, const timespec* __restrict deadline) {
    using Function = decltype(pthread_cond_clockwait);
    return wait_until(clock, deadline, [&](const timespec* until) {
        return next<"pthread_cond_clockwait", Function>(condition, mutex, clock, until);
    });
}

int pthread_mutex_timedlock(pthread_mutex_t* __restrict mutex,
                            const timespec* __restrict deadline) noexcept {
    using Function = decltype(pthread_mutex_timedlock);
    return wait_until(CLOCK_REALTIME, deadline, [&](const timespec* until) {
        return next<"pthread_mutex_timedlock", Function>(mutex, until);
    });
}

int pthread_mutex_clocklock(pthread_mutex_t* __restrict mutex, clockid_t clock,
                            const timespec* __restrict deadline) noexcept {
    using Function = decltype(pthread_mutex_clocklock);
    return wait_until(clock, deadline, [&](const timespec* until) {
        return next<"pthread_mutex_clocklock", Function>(mutex, clock, until);
    });
}

int sem_timedwait(sem_t* __restrict semaphore, const timespec* __restrict deadline) {
    return wait_until(CLOCK_REALTIME, deadline, [&](const timespec* until) {
        return next<"sem_timedwait", decltype(sem_timedwait)>(semaphore, until);
    });
}

int sem_clockwait(sem_t* __restrict semaphore, clockid_t clock,
                  const timespec* __restrict deadline) {
    return wait_until(clock, deadline, [&](const timespec* until) {
        return next<"sem_clockwait", decltype(sem_clockwait)>(semaphore, clock, until);
    });
}

// The C++ library waits for futures, and others for what they have made of it, without a function
// of the C library's; some draw random numbers so.
long syscall(long number, ...) noexcept {
    va_list arguments;
    va_start(arguments, number);
    long a[6];
    for (auto& one : a) one = va_arg(arguments, long);
    va_end(arguments);
    const auto call = [&](long timeout) {
        using Function = long(long, long, long, long, long, long, long);
        return next<"syscall", Function>(number, a[0], a[1], a[2], timeout, a[4], a[5]);
    };
    if (!host_clock_is_shown()) return call(a[3]);
    if (number == SYS_getrandom)
        return getrandom(reinterpret_cast<void*>(a[0]), static_cast<std::size_t>(a[1]), 0);
    const bool has_deadline =
        number == SYS_futex && (a[1] & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET && a[3] != 0;
    if (!has_deadline) return call(a[3]);
    const auto clock = a[1] & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC;
    return wait_until(clock, reinterpret_cast<const timespec*>(a[3]),
                      [&](const timespec* until) { return call(reinterpret_cast<long>(until)); });
}

}  // extern "C"
