// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Replaces the C library's functions that sleep or wait with a timeout: they move the shown clock
// on.
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <threads.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstdarg>

#include "base/real_time.h"
#include "shown/clock.h"
#include "shown/next.h"
#include "shown/shown_time.h"

using namespace patchpipe;

namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// Runs a wait of this length, which has timed out if it returns `over`, or -1 with `over` in errno.
// A caller may begin again after each signal, so the time waited until then passes too.
template <typename Wait>
auto wait_for(nanoseconds length, int over, Wait wait) {
    if (!host_clock_is_shown()) return wait();
    const auto start = RealClock::now();
    const auto result = wait();
    if (result == over || (result == -1 && errno == over)) pass(length);
    if (result == -1 && errno == EINTR) pass(std::min(length, RealClock::now() - start));
    return result;
}

template <typename Wait>
auto wait_for(const timespec* length, int over, Wait wait) {
    return wait_for(length ? nanoseconds_of(*length) : nanoseconds(0), over, wait);
}

// Runs a wait whose deadline is on the shown clock with one on the real clock. An invalid deadline
// is left for the wait to refuse.
template <typename Wait>
auto wait_until(clockid_t clock, const timespec* deadline, Wait wait, int over = ETIMEDOUT) {
    const bool valid = deadline->tv_nsec >= 0 && deadline->tv_nsec < 1'000'000'000;
    if (!host_clock_is_shown() || !valid) return wait(deadline);
    const auto left = nanoseconds_of(*deadline) - shown_time_of(clock);
    const auto real = timespec_of(std::max(real_time_of(clock) + left, nanoseconds(0)));
    return wait_for(left, over, [&] { return wait(&real); });
}

// The C library's function, with its error in errno.
int real_sleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
    const int error = next<"clock_nanosleep", decltype(clock_nanosleep)>(clock, flags, time, left);
    if (error == 0) return 0;
    errno = error;
    return -1;
}

int sleep_by(clockid_t clock, int flags, const timespec* time, timespec* left) {
    const auto sleep = [&](const timespec* end) { return real_sleep(clock, flags, end, left); };
    if (flags & TIMER_ABSTIME) return wait_until(clock, time, sleep, 0);
    return wait_for(time, 0, [&] { return sleep(time); });
}

using SystemCall = long(long, long, long, long, long, long, long);

// A futex takes a timeout from now on or, in the form with a bit set, a deadline.
long wait_for_futex(long operation, const timespec* timeout, auto call) {
    const auto command = operation & FUTEX_CMD_MASK;
    if (timeout && command == FUTEX_WAIT)
        return wait_for(timeout, ETIMEDOUT, [&] { return call(timeout); });
    if (!timeout || command != FUTEX_WAIT_BITSET) return call(timeout);
    return wait_until(operation & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC, timeout,
                      call);
}

}  // namespace

extern "C" {

int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
    return sleep_by(clock, flags, time, left) == 0 ? 0 : errno;
}

int nanosleep(const timespec* time, timespec* left) {
    return sleep_by(CLOCK_MONOTONIC, 0, time, left);
}

int thrd_sleep(const timespec* time, timespec* left) {
    if (nanosleep(time, left) == 0) return 0;
    return errno == EINTR ? -1 : -2;
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
    return wait_for(timeout, 0,
                    [&] { return next<"ppoll", decltype(ppoll)>(polled, count, timeout, mask); });
}

// Programs compiled with _FORTIFY_SOURCE call these; the C library checks the room.
int __poll_chk(pollfd* polled, nfds_t count, int timeout, std::size_t room) {
    using Function = int(pollfd*, nfds_t, int, std::size_t);
    return wait_for(milliseconds(timeout), 0,
                    [&] { return next<"__poll_chk", Function>(polled, count, timeout, room); });
}

int __ppoll_chk(pollfd* polled, nfds_t count, const timespec* timeout, const sigset_t* mask,
                std::size_t room) {
    using Function = int(pollfd*, nfds_t, const timespec*, const sigset_t*, std::size_t);
    return wait_for(timeout, 0, [&] {
        return next<"__ppoll_chk", Function>(polled, count, timeout, mask, room);
    });
}

int select(int count, fd_set* reads, fd_set* writes, fd_set* errors, timeval* timeout) {
    const auto time = timeout ? timespec{timeout->tv_sec, timeout->tv_usec * 1000} : timespec{};
    return wait_for(&time, 0, [&] {
        return next<"select", decltype(select)>(count, reads, writes, errors, timeout);
    });
}

int pselect(int count, fd_set* reads, fd_set* writes, fd_set* errors, const timespec* timeout,
            const sigset_t* mask) {
    return wait_for(timeout, 0, [&] {
        return next<"pselect", decltype(pselect)>(count, reads, writes, errors, timeout, mask);
    });
}

int epoll_wait(int fd, epoll_event* events, int most, int timeout) {
    return wait_for(milliseconds(timeout), 0, [&] {
        return next<"epoll_wait", decltype(epoll_wait)>(fd, events, most, timeout);
    });
}

int epoll_pwait(int fd, epoll_event* events, int most, int timeout, const sigset_t* mask) {
    return wait_for(milliseconds(timeout), 0, [&] {
        return next<"epoll_pwait", decltype(epoll_pwait)>(fd, events, most, timeout, mask);
    });
}

int epoll_pwait2(int fd, epoll_event* events, int most, const timespec* timeout,
                 const sigset_t* mask) {
    return wait_for(timeout, 0, [&] {
        return next<"epoll_pwait2", decltype(epoll_pwait2)>(fd, events, most, timeout, mask);
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

// A deadline of C's threads is a time of day.
int cnd_timedwait(cnd_t* __restrict condition, mtx_t* __restrict mutex,
                  const timespec* __restrict deadline) {
    const auto wait = [&](const timespec* until) {
        return next<"cnd_timedwait", decltype(cnd_timedwait)>(condition, mutex, until);
    };
    return wait_until(CLOCK_REALTIME, deadline, wait, thrd_timedout);
}

int mtx_timedlock(mtx_t* __restrict mutex, const timespec* __restrict deadline) {
    const auto wait = [&](const timespec* until) {
        return next<"mtx_timedlock", decltype(mtx_timedlock)>(mutex, until);
    };
    return wait_until(CLOCK_REALTIME, deadline, wait, thrd_timedout);
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

int pthread_rwlock_timedrdlock(pthread_rwlock_t* __restrict lock,
                               const timespec* __restrict deadline) noexcept {
    using Function = decltype(pthread_rwlock_timedrdlock);
    return wait_until(CLOCK_REALTIME, deadline, [&](const timespec* until) {
        return next<"pthread_rwlock_timedrdlock", Function>(lock, until);
    });
}

int pthread_rwlock_clockrdlock(pthread_rwlock_t* __restrict lock, clockid_t clock,
                               const timespec* __restrict deadline) noexcept {
    using Function = decltype(pthread_rwlock_clockrdlock);
    return wait_until(clock, deadline, [&](const timespec* until) {
        return next<"pthread_rwlock_clockrdlock", Function>(lock, clock, until);
    });
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t* __restrict lock,
                               const timespec* __restrict deadline) noexcept {
    using Function = decltype(pthread_rwlock_timedwrlock);
    return wait_until(CLOCK_REALTIME, deadline, [&](const timespec* until) {
        return next<"pthread_rwlock_timedwrlock", Function>(lock, until);
    });
}

int pthread_rwlock_clockwrlock(pthread_rwlock_t* __restrict lock, clockid_t clock,
                               const timespec* __restrict deadline) noexcept {
    using Function = decltype(pthread_rwlock_clockwrlock);
    return wait_until(clock, deadline, [&](const timespec* until) {
        return next<"pthread_rwlock_clockwrlock", Function>(lock, clock, until);
    });
}

int pthread_timedjoin_np(pthread_t thread, void** result, const timespec* deadline) {
    using Function = decltype(pthread_timedjoin_np);
    return wait_until(CLOCK_REALTIME, deadline, [&](const timespec* until) {
        return next<"pthread_timedjoin_np", Function>(thread, result, until);
    });
}

int pthread_clockjoin_np(pthread_t thread, void** result, clockid_t clock,
                         const timespec* deadline) {
    using Function = decltype(pthread_clockjoin_np);
    return wait_until(clock, deadline, [&](const timespec* until) {
        return next<"pthread_clockjoin_np", Function>(thread, result, clock, until);
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

// The C++ library waits for futures through syscall(), others for locks of their own; some get
// random numbers that way.
long syscall(long number, ...) noexcept {
    va_list arguments;
    va_start(arguments, number);
    long a[6];
    for (auto& one : a) one = va_arg(arguments, long);
    va_end(arguments);
    if (number == SYS_getrandom && host_clock_is_shown())
        return getrandom(reinterpret_cast<void*>(a[0]), static_cast<std::size_t>(a[1]), 0);
    if (number != SYS_futex)
        return next<"syscall", SystemCall>(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    return wait_for_futex(a[1], reinterpret_cast<const timespec*>(a[3]), [&](const timespec* time) {
        return next<"syscall", SystemCall>(number, a[0], a[1], a[2], reinterpret_cast<long>(time),
                                           a[4], a[5]);
    });
}

}  // extern "C"
