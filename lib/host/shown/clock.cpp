// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Replaces the C library's functions that tell the time, sleep, or wait for a time.
#include "host/host_clock.h"

#include <dlfcn.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdarg>
#include <cstdint>
#include <ctime>

#include "host/shown/next.h"
#include "host/shown/random.h"

namespace patchpipe {
namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds look{1000};                              // what a look at the clock takes
constexpr nanoseconds epoch = std::chrono::hours(24) * 18262;  // 2020-01-01, for the time of day
// Far from each other, so that what a thread waits in loading never reaches into the render.
constexpr nanoseconds job_start = std::chrono::hours(1), render_start = std::chrono::hours(2);

std::atomic<bool> shown = false;
std::atomic<nanoseconds> transport{nanoseconds(0)};  // since the clock's start

// How far a thread's own clock is ahead of the transport, and what it showed last.
struct ThreadTime {
    nanoseconds ahead{0}, last{0};
};
thread_local ThreadTime thread_time;

// A thread's time never goes back, though the transport does where jobs share a process.
nanoseconds shown_time() {
    const auto now = transport.load(std::memory_order_relaxed);
    thread_time.ahead = std::max(thread_time.ahead, thread_time.last - now) + look;
    return thread_time.last = now + thread_time.ahead;
}

bool is_time_of_day(clockid_t clock) {
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI;
}

nanoseconds shown_time_of(clockid_t clock) {
    return shown_time() + (is_time_of_day(clock) ? epoch : nanoseconds(0));
}

nanoseconds real_time_of(clockid_t clock) {
    timespec now{};
    syscall(SYS_clock_gettime, clock, &now);
    return std::chrono::seconds(now.tv_sec) + nanoseconds(now.tv_nsec);
}

// "For ever" is often written as the largest number that there is.
nanoseconds nanoseconds_of(const timespec& time) {
    constexpr std::int64_t century = std::int64_t{100} * 365 * 86400;
    return std::chrono::seconds(std::clamp<std::int64_t>(time.tv_sec, -century, century)) +
           nanoseconds(time.tv_nsec);
}

timespec timespec_of(nanoseconds time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    return {seconds.count(), (time - seconds).count()};
}

timeval timeval_of(nanoseconds time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    return {seconds.count(), (time - seconds).count() / 1000};
}

// A thread has slept, or waited in vain.
void pass(nanoseconds time) {
    if (host_clock_is_shown()) thread_time.ahead += std::max(time, nanoseconds(0));
}

// Runs wait with a deadline of the shown clock as one of the real clock. It returns an error's
// number, or -1 with errno.
template <typename Wait>
auto wait_until(clockid_t clock, const timespec* deadline, Wait wait) {
    const auto left = nanoseconds_of(*deadline) - shown_time_of(clock);
    const auto real = timespec_of(real_time_of(clock) + left);
    const auto result = wait(&real);
    if (result == ETIMEDOUT || (result == -1 && errno == ETIMEDOUT)) pass(left);
    return result;
}

// A condition variable knows its clock and does not tell; but times of day are later than 2020, and
// the other clocks, which start with the process, are not.
clockid_t clock_of(const timespec& deadline) {
    return nanoseconds_of(deadline) >= epoch ? CLOCK_REALTIME : CLOCK_MONOTONIC;
}

}  // namespace

void show_host_clock() { shown = true; }

bool host_clock_is_shown() { return shown.load(std::memory_order_relaxed); }

void start_host_clock() {
    transport = job_start;
    thread_time = {};
    start_random_numbers();
}

void set_host_clock(double seconds) {
    const auto now = render_start + nanoseconds(std::llround(seconds * 1e9));
    transport = now;
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
    *now = timeval_of(nanoseconds_of(time));
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

int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
    static auto* const real = next<decltype(clock_nanosleep)>("clock_nanosleep");
    if (!host_clock_is_shown()) return real(clock, flags, time, left);
    const bool absolute = flags & TIMER_ABSTIME;
    const auto length =
        absolute ? nanoseconds_of(*time) - shown_time_of(clock) : nanoseconds_of(*time);
    const auto until = absolute ? timespec_of(real_time_of(clock) + length) : *time;
    const int result = real(clock, flags, &until, left);
    if (result == 0) pass(length);
    return result;
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

int poll(pollfd* polled, nfds_t count, int milliseconds) {
    static auto* const real = next<decltype(poll)>("poll");
    const int ready = real(polled, count, milliseconds);
    if (ready == 0) pass(std::chrono::milliseconds(milliseconds));
    return ready;
}

int ppoll(pollfd* polled, nfds_t count, const timespec* timeout, const sigset_t* mask) {
    static auto* const real = next<decltype(ppoll)>("ppoll");
    const int ready = real(polled, count, timeout, mask);
    if (ready == 0) pass(nanoseconds_of(*timeout));
    return ready;
}

int select(int count, fd_set* reads, fd_set* writes, fd_set* errors, timeval* timeout) {
    static auto* const real = next<decltype(select)>("select");
    const auto time = timeout ? std::chrono::seconds(timeout->tv_sec) +
                                    std::chrono::microseconds(timeout->tv_usec)
                              : std::chrono::microseconds(0);
    const int ready = real(count, reads, writes, errors, timeout);
    if (ready == 0) pass(time);
    return ready;
}

int epoll_wait(int fd, epoll_event* events, int most, int milliseconds) {
    static auto* const real = next<decltype(epoll_wait)>("epoll_wait");
    const int ready = real(fd, events, most, milliseconds);
    if (ready == 0) pass(std::chrono::milliseconds(milliseconds));
    return ready;
}

int pthread_cond_timedwait(pthread_cond_t* __restrict condition, pthread_mutex_t* __restrict mutex,
                           const timespec* __restrict deadline) {
    // The first version of the function is there as well, and has another pthread_cond_t.
    static auto* const versioned = reinterpret_cast<decltype(&pthread_cond_timedwait)>(
        dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2"));
    static auto* const real =
        versioned ? versioned : next<decltype(pthread_cond_timedwait)>("pthread_cond_timedwait");
    if (!host_clock_is_shown()) return real(condition, mutex, deadline);
    return wait_until(clock_of(*deadline), deadline,
                      [&](const timespec* until) { return real(condition, mutex, until); });
}

int pthread_cond_clockwait(pthread_cond_t* __restrict condition, pthread_mutex_t* __restrict mutex,
                           clockid_t clock, const timespec* __restrict deadline) {
    static auto* const real = next<decltype(pthread_cond_clockwait)>("pthread_cond_clockwait");
    if (!host_clock_is_shown()) return real(condition, mutex, clock, deadline);
    return wait_until(clock, deadline,
                      [&](const timespec* until) { return real(condition, mutex, clock, until); });
}

int pthread_mutex_timedlock(pthread_mutex_t* __restrict mutex,
                            const timespec* __restrict deadline) noexcept {
    static auto* const real = next<decltype(pthread_mutex_timedlock)>("pthread_mutex_timedlock");
    if (!host_clock_is_shown()) return real(mutex, deadline);
    return wait_until(CLOCK_REALTIME, deadline,
                      [&](const timespec* until) { return real(mutex, until); });
}

int sem_timedwait(sem_t* __restrict semaphore, const timespec* __restrict deadline) {
    static auto* const real = next<decltype(sem_timedwait)>("sem_timedwait");
    if (!host_clock_is_shown()) return real(semaphore, deadline);
    return wait_until(CLOCK_REALTIME, deadline,
                      [&](const timespec* until) { return real(semaphore, until); });
}

int sem_clockwait(sem_t* __restrict semaphore, clockid_t clock,
                  const timespec* __restrict deadline) {
    static auto* const real = next<decltype(sem_clockwait)>("sem_clockwait");
    if (!host_clock_is_shown()) return real(semaphore, clock, deadline);
    return wait_until(clock, deadline,
                      [&](const timespec* until) { return real(semaphore, clock, until); });
}

int pthread_mutex_clocklock(pthread_mutex_t* __restrict mutex, clockid_t clock,
                            const timespec* __restrict deadline) noexcept {
    static auto* const real = next<decltype(pthread_mutex_clocklock)>("pthread_mutex_clocklock");
    if (!host_clock_is_shown()) return real(mutex, clock, deadline);
    return wait_until(clock, deadline,
                      [&](const timespec* until) { return real(mutex, clock, until); });
}

// The C++ library waits for futures, and others for what they have made of it, without a function
// of the C library's; some draw random numbers so.
long syscall(long number, ...) noexcept {
    using SystemCall = long(long, long, long, long, long, long, long);
    static std::atomic<SystemCall*> real = nullptr;  // the guard of another static would come here
    if (!real) real = next<SystemCall>("syscall");
    va_list arguments;
    va_start(arguments, number);
    long a[6];
    for (auto& one : a) one = va_arg(arguments, long);
    va_end(arguments);
    const auto call = [&](long timeout) {
        return real.load()(number, a[0], a[1], a[2], timeout, a[4], a[5]);
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
