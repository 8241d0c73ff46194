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
#include "shown/checked_functions.h"
#include "shown/clock.h"
#include "shown/next.h"
#include "shown/realtime_calls.h"
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

// Calls the C library's function, whose last argument is the deadline and which returns `over` once
// that has passed.
template <FunctionName name, typename Function, int over = ETIMEDOUT, typename... Arguments>
int call_until(clockid_t clock, const timespec* deadline, Arguments... arguments) {
    return wait_until(
        clock, deadline,
        [&](const timespec* until) { return next<name, Function>(arguments..., until); }, over);
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
    note_realtime_call(RealtimeCall::wait, "clock_nanosleep");
    return sleep_by(clock, flags, time, left) == 0 ? 0 : errno;
}

int nanosleep(const timespec* time, timespec* left) {
    note_realtime_call(RealtimeCall::wait, "nanosleep");
    return sleep_by(CLOCK_MONOTONIC, 0, time, left);
}

int thrd_sleep(const timespec* time, timespec* left) {
    note_realtime_call(RealtimeCall::wait, "thrd_sleep");
    if (nanosleep(time, left) == 0) return 0;
    return errno == EINTR ? -1 : -2;
}

int usleep(useconds_t microseconds) {
    note_realtime_call(RealtimeCall::wait, "usleep");
    const auto time = timespec_of(std::chrono::microseconds(microseconds));
    return nanosleep(&time, nullptr);
}

unsigned sleep(unsigned seconds) {
    note_realtime_call(RealtimeCall::wait, "sleep");
    const timespec time{seconds, 0};
    timespec left{};
    return nanosleep(&time, &left) == 0 ? 0 : static_cast<unsigned>(left.tv_sec);
}

int poll(pollfd* polled, nfds_t count, int timeout) {
    note_realtime_call(RealtimeCall::wait, "poll");
    return wait_for(milliseconds(timeout), 0,
                    [&] { return next<"poll", decltype(poll)>(polled, count, timeout); });
}

int ppoll(pollfd* polled, nfds_t count, const timespec* timeout, const sigset_t* mask) {
    note_realtime_call(RealtimeCall::wait, "ppoll");
    return wait_for(timeout, 0,
                    [&] { return next<"ppoll", decltype(ppoll)>(polled, count, timeout, mask); });
}

// Programs compiled with _FORTIFY_SOURCE call these; the C library checks the room.
int __poll_chk(pollfd* polled, nfds_t count, int timeout, std::size_t room) {
    note_realtime_call(RealtimeCall::wait, "__poll_chk");
    using Function = int(pollfd*, nfds_t, int, std::size_t);
    return wait_for(milliseconds(timeout), 0,
                    [&] { return next<"__poll_chk", Function>(polled, count, timeout, room); });
}

int __ppoll_chk(pollfd* polled, nfds_t count, const timespec* timeout, const sigset_t* mask,
                std::size_t room) {
    note_realtime_call(RealtimeCall::wait, "__ppoll_chk");
    using Function = int(pollfd*, nfds_t, const timespec*, const sigset_t*, std::size_t);
    return wait_for(timeout, 0, [&] {
        return next<"__ppoll_chk", Function>(polled, count, timeout, mask, room);
    });
}

int select(int count, fd_set* reads, fd_set* writes, fd_set* errors, timeval* timeout) {
    note_realtime_call(RealtimeCall::wait, "select");
    const auto time = timeout ? timespec{timeout->tv_sec, timeout->tv_usec * 1000} : timespec{};
    return wait_for(&time, 0, [&] {
        return next<"select", decltype(select)>(count, reads, writes, errors, timeout);
    });
}

int pselect(int count, fd_set* reads, fd_set* writes, fd_set* errors, const timespec* timeout,
            const sigset_t* mask) {
    note_realtime_call(RealtimeCall::wait, "pselect");
    return wait_for(timeout, 0, [&] {
        return next<"pselect", decltype(pselect)>(count, reads, writes, errors, timeout, mask);
    });
}

int epoll_wait(int fd, epoll_event* events, int most, int timeout) {
    note_realtime_call(RealtimeCall::wait, "epoll_wait");
    return wait_for(milliseconds(timeout), 0, [&] {
        return next<"epoll_wait", decltype(epoll_wait)>(fd, events, most, timeout);
    });
}

int epoll_pwait(int fd, epoll_event* events, int most, int timeout, const sigset_t* mask) {
    note_realtime_call(RealtimeCall::wait, "epoll_pwait");
    return wait_for(milliseconds(timeout), 0, [&] {
        return next<"epoll_pwait", decltype(epoll_pwait)>(fd, events, most, timeout, mask);
    });
}

int epoll_pwait2(int fd, epoll_event* events, int most, const timespec* timeout,
                 const sigset_t* mask) {
    note_realtime_call(RealtimeCall::wait, "epoll_pwait2");
    return wait_for(timeout, 0, [&] {
        return next<"epoll_pwait2", decltype(epoll_pwait2)>(fd, events, most, timeout, mask);
    });
}

int pthread_cond_timedwait(pthread_cond_t* __restrict condition, pthread_mutex_t* __restrict mutex,
                           const timespec* __restrict deadline) {
    note_realtime_call(RealtimeCall::wait, "pthread_cond_timedwait");
    return call_until<"pthread_cond_timedwait", decltype(pthread_cond_timedwait)>(
        clock_of(*deadline), deadline, condition, mutex);
}

int pthread_cond_clockwait(pthread_cond_t* __restrict condition, pthread_mutex_t* __restrict mutex,
                           clockid_t clock, const timespec* __restrict deadline) {
    note_realtime_call(RealtimeCall::wait, "pthread_cond_clockwait");
    return call_until<"pthread_cond_clockwait", decltype(pthread_cond_clockwait)>(
        clock, deadline, condition, mutex, clock);
}

// A deadline of C's threads is a time of day.
int cnd_timedwait(cnd_t* __restrict condition, mtx_t* __restrict mutex,
                  const timespec* __restrict deadline) {
    note_realtime_call(RealtimeCall::wait, "cnd_timedwait");
    return call_until<"cnd_timedwait", decltype(cnd_timedwait), thrd_timedout>(
        CLOCK_REALTIME, deadline, condition, mutex);
}

int mtx_timedlock(mtx_t* __restrict mutex, const timespec* __restrict deadline) {
    note_realtime_call(RealtimeCall::lock, "mtx_timedlock");
    return call_until<"mtx_timedlock", decltype(mtx_timedlock), thrd_timedout>(CLOCK_REALTIME,
                                                                               deadline, mutex);
}

int pthread_mutex_timedlock(pthread_mutex_t* __restrict mutex,
                            const timespec* __restrict deadline) noexcept {
    note_realtime_call(RealtimeCall::lock, "pthread_mutex_timedlock");
    return call_until<"pthread_mutex_timedlock", decltype(pthread_mutex_timedlock)>(
        CLOCK_REALTIME, deadline, mutex);
}

int pthread_mutex_clocklock(pthread_mutex_t* __restrict mutex, clockid_t clock,
                            const timespec* __restrict deadline) noexcept {
    note_realtime_call(RealtimeCall::lock, "pthread_mutex_clocklock");
    return call_until<"pthread_mutex_clocklock", decltype(pthread_mutex_clocklock)>(clock, deadline,
                                                                                    mutex, clock);
}

int pthread_rwlock_timedrdlock(pthread_rwlock_t* __restrict lock,
                               const timespec* __restrict deadline) noexcept {
    note_realtime_call(RealtimeCall::lock, "pthread_rwlock_timedrdlock");
    return call_until<"pthread_rwlock_timedrdlock", decltype(pthread_rwlock_timedrdlock)>(
        CLOCK_REALTIME, deadline, lock);
}

int pthread_rwlock_clockrdlock(pthread_rwlock_t* __restrict lock, clockid_t clock,
                               const timespec* __restrict deadline) noexcept {
    note_realtime_call(RealtimeCall::lock, "pthread_rwlock_clockrdlock");
    return call_until<"pthread_rwlock_clockrdlock", decltype(pthread_rwlock_clockrdlock)>(
        clock, deadline, lock, clock);
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t* __restrict lock,
                               const timespec* __restrict deadline) noexcept {
    note_realtime_call(RealtimeCall::lock, "pthread_rwlock_timedwrlock");
    return call_until<"pthread_rwlock_timedwrlock", decltype(pthread_rwlock_timedwrlock)>(
        CLOCK_REALTIME, deadline, lock);
}

int pthread_rwlock_clockwrlock(pthread_rwlock_t* __restrict lock, clockid_t clock,
                               const timespec* __restrict deadline) noexcept {
    note_realtime_call(RealtimeCall::lock, "pthread_rwlock_clockwrlock");
    return call_until<"pthread_rwlock_clockwrlock", decltype(pthread_rwlock_clockwrlock)>(
        clock, deadline, lock, clock);
}

int pthread_timedjoin_np(pthread_t thread, void** result, const timespec* deadline) {
    note_realtime_call(RealtimeCall::wait, "pthread_timedjoin_np");
    return call_until<"pthread_timedjoin_np", decltype(pthread_timedjoin_np)>(
        CLOCK_REALTIME, deadline, thread, result);
}

int pthread_clockjoin_np(pthread_t thread, void** result, clockid_t clock,
                         const timespec* deadline) {
    note_realtime_call(RealtimeCall::wait, "pthread_clockjoin_np");
    return call_until<"pthread_clockjoin_np", decltype(pthread_clockjoin_np)>(
        clock, deadline, thread, result, clock);
}

int sem_timedwait(sem_t* __restrict semaphore, const timespec* __restrict deadline) {
    note_realtime_call(RealtimeCall::wait, "sem_timedwait");
    return call_until<"sem_timedwait", decltype(sem_timedwait)>(CLOCK_REALTIME, deadline,
                                                                semaphore);
}

int sem_clockwait(sem_t* __restrict semaphore, clockid_t clock,
                  const timespec* __restrict deadline) {
    note_realtime_call(RealtimeCall::wait, "sem_clockwait");
    return call_until<"sem_clockwait", decltype(sem_clockwait)>(clock, deadline, semaphore, clock);
}

// This is syscall(). The C library's header says of that one that nothing unwinds it, but libjack
// ends its threads by cancelling them while they wait here, which does: C++ knows it by another
// name.
long cancelled_syscall(long number, ...) __asm__("syscall");

// The C++ library waits for futures through syscall(), others for locks of their own; some get
// random numbers that way. Reads six arguments, as the C library does, of however many there are: a
// sanitizer would object.
[[gnu::no_sanitize_address]] long cancelled_syscall(long number, ...) {
    note_realtime_call(number == SYS_futex ? RealtimeCall::wait : RealtimeCall::system, "syscall");
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
