// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shown_corners.h"

#include <fcntl.h>
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
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <random>
#include <thread>

namespace patchpipe {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr milliseconds wait_time{5};
constexpr timespec wait_timespec{0, 5'000'000};

// The time on that clock when the wait is over.
timespec deadline(clockid_t clock) {
    constexpr long second = 1'000'000'000;
    timespec time{};
    clock_gettime(clock, &time);
    time.tv_nsec += wait_timespec.tv_nsec;
    return {time.tv_sec + time.tv_nsec / second, time.tv_nsec % second};
}

struct Condition {
    explicit Condition(clockid_t clock) {
        pthread_condattr_t attributes;
        pthread_condattr_init(&attributes);
        pthread_condattr_setclock(&attributes, clock);
        pthread_cond_init(&condition, &attributes);
        pthread_mutex_lock(&mutex);
    }
    pthread_cond_t condition;
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
};

void wait_timed(clockid_t clock) {
    Condition never(clock);
    const auto end = deadline(clock);
    pthread_cond_timedwait(&never.condition, &never.mutex, &end);
}

void wait_clock(clockid_t clock) {
    Condition never(CLOCK_REALTIME);
    const auto end = deadline(clock);
    pthread_cond_clockwait(&never.condition, &never.mutex, clock, &end);
}

template <typename Lock>
void lock_twice(Lock lock) {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&mutex);
    lock(&mutex);
}

template <typename Wait>
void wait_for_semaphore(Wait wait) {
    sem_t semaphore;
    sem_init(&semaphore, 0, 0);
    wait(&semaphore);
}

template <typename Wait>
void wait_for_event(Wait wait) {
    const int fd = epoll_create1(EPOLL_CLOEXEC);
    epoll_event event{};
    wait(fd, &event);
    close(fd);
}

void wait_for_futex(int operation, const timespec& end) {
    int value = 0;
    syscall(SYS_futex, &value, operation, value, &end, nullptr, FUTEX_BITSET_MATCH_ANY);
}

struct Wait {
    const char* name;
    void (*wait)();
};

constexpr Wait waits[] = {
    {"nanosleep", [] { nanosleep(&wait_timespec, nullptr); }},
    {"usleep", [] { usleep(5000); }},
    {"clock_nanosleep", [] { clock_nanosleep(CLOCK_MONOTONIC, 0, &wait_timespec, nullptr); }},
    {"clock_nanosleep to a time",
     [] {
         const auto end = deadline(CLOCK_REALTIME);
         clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &end, nullptr);
     }},
    {"poll", [] { poll(nullptr, 0, 5); }},
    {"ppoll", [] { ppoll(nullptr, 0, &wait_timespec, nullptr); }},
    {"select",
     [] {
         timeval time{0, 5000};
         select(0, nullptr, nullptr, nullptr, &time);
     }},
    {"epoll_wait",
     [] { wait_for_event([](int fd, epoll_event* event) { epoll_wait(fd, event, 1, 5); }); }},
    {"pthread_cond_timedwait", [] { wait_timed(CLOCK_REALTIME); }},
    {"pthread_cond_timedwait on a steady clock", [] { wait_timed(CLOCK_MONOTONIC); }},
    {"pthread_cond_clockwait", [] { wait_clock(CLOCK_MONOTONIC); }},
    {"pthread_mutex_timedlock",
     [] {
         const auto end = deadline(CLOCK_REALTIME);
         lock_twice([&](auto* mutex) { pthread_mutex_timedlock(mutex, &end); });
     }},
    {"pthread_mutex_clocklock",
     [] {
         const auto end = deadline(CLOCK_MONOTONIC);
         lock_twice([&](auto* mutex) { pthread_mutex_clocklock(mutex, CLOCK_MONOTONIC, &end); });
     }},
    {"sem_timedwait",
     [] {
         const auto end = deadline(CLOCK_REALTIME);
         wait_for_semaphore([&](auto* semaphore) { sem_timedwait(semaphore, &end); });
     }},
    {"sem_clockwait",
     [] {
         const auto end = deadline(CLOCK_MONOTONIC);
         wait_for_semaphore(
             [&](auto* semaphore) { sem_clockwait(semaphore, CLOCK_MONOTONIC, &end); });
     }},
    {"futex to a time", [] { wait_for_futex(FUTEX_WAIT_BITSET, deadline(CLOCK_MONOTONIC)); }},
};

// A wait takes a few looks at the clock more, of a microsecond each.
bool passes(const Wait& wait) {
    const auto start = Clock::now();
    wait.wait();
    const auto passed = Clock::now() - start;
    const bool right = passed >= wait_time && passed < wait_time + milliseconds(1);
    if (!right)
        std::fprintf(stderr, "%s let %lld ns pass\n", wait.name,
                     static_cast<long long>(nanoseconds(passed).count()));
    return right;
}

// Other functions that a host may replace.
void look_around() {
    pthread_setname_np(pthread_self(), "corner");
    std::fclose(std::fopen("/dev/urandom", "r"));
    close(open("/dev/urandom", O_RDONLY));
    std::array<char, 8> bytes{};
    if (getrandom(bytes.data(), bytes.size(), 0) < 0) return;
    if (std::random_device()() == 0) return;
    cpu_set_t processors;
    sched_getaffinity(0, sizeof processors, &processors);
    pthread_getaffinity_np(pthread_self(), sizeof processors, &processors);
    if (std::thread::hardware_concurrency() == 0 || sysconf(_SC_NPROCESSORS_ONLN) < 1) return;
}

// While a library is being loaded, other threads cannot ask the loader for anything.
const bool waited = [] {
    if (!std::getenv("CORNERS_THREAD")) return false;
    std::thread([] {
        std::thread([] {}).join();
        look_around();
        for (const auto& wait : waits) wait.wait();
    }).join();
    return true;
}();

}  // namespace

bool WaitsCorner::ready() {
    return std::count_if(std::begin(waits), std::end(waits), passes) == std::ssize(waits);
}

}  // namespace patchpipe
