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
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <threads.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

// A plug-in compiled with _FORTIFY_SOURCE calls these instead of open(), openat(), poll() and
// ppoll().
extern "C" int __open_2(const char*, int);
extern "C" int __open64_2(const char*, int);
extern "C" int __openat_2(int, const char*, int);
extern "C" int __openat64_2(int, const char*, int);
extern "C" int __poll_chk(pollfd*, nfds_t, int, std::size_t);
extern "C" int __ppoll_chk(pollfd*, nfds_t, const timespec*, const sigset_t*, std::size_t);

namespace patchpipe {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr milliseconds wait_time{5};
constexpr timespec wait_timespec{0, 5'000'000};

// The time on that clock when the wait is over.
timespec deadline(clockid_t clock, long wait = wait_timespec.tv_nsec) {
    constexpr long second = 1'000'000'000;
    timespec time{};
    clock_gettime(clock, &time);
    time.tv_nsec += wait;
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

// A thread that holds a lock for reading or writing gets no error from it, but has to wait.
template <typename Lock>
void lock_for_reading(Lock lock) {
    pthread_rwlock_t mutex = PTHREAD_RWLOCK_INITIALIZER;
    std::thread([&] { pthread_rwlock_wrlock(&mutex); }).join();
    lock(&mutex);
}

template <typename Lock>
void lock_for_writing(Lock lock) {
    pthread_rwlock_t mutex = PTHREAD_RWLOCK_INITIALIZER;
    pthread_rwlock_rdlock(&mutex);
    lock(&mutex);
}

// Two threads, each with a semaphore that ends it.
template <typename Join>
void join_in_vain(Join join) {
    sem_t end;
    sem_init(&end, 0, 0);
    std::thread thread([&] { sem_wait(&end); });
    join(thread.native_handle());
    sem_post(&end);
    thread.join();
}

// The number of expiries of the timer: one, or by now more if it repeats.
std::uint64_t wait_for_timer(clockid_t clock, int flags, const itimerspec& times) {
    const int fd = timerfd_create(clock, TFD_CLOEXEC);
    timerfd_settime(fd, flags, &times, nullptr);
    std::uint64_t expired = 0;
    if (read(fd, &expired, sizeof expired) < 0) std::perror("read");
    close(fd);
    return expired;
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
    {"futex", [] { wait_for_futex(FUTEX_WAIT_PRIVATE, wait_timespec); }},
    {"futex to a time", [] { wait_for_futex(FUTEX_WAIT_BITSET, deadline(CLOCK_MONOTONIC)); }},
    {"__poll_chk", [] { __poll_chk(nullptr, 0, 5, 0); }},
    {"__ppoll_chk", [] { __ppoll_chk(nullptr, 0, &wait_timespec, nullptr, 0); }},
    {"pselect", [] { pselect(0, nullptr, nullptr, nullptr, &wait_timespec, nullptr); }},
    {"epoll_pwait",
     [] {
         wait_for_event([](int fd, epoll_event* event) { epoll_pwait(fd, event, 1, 5, nullptr); });
     }},
    {"epoll_pwait2",
     [] {
         wait_for_event([](int fd, epoll_event* event) {
             epoll_pwait2(fd, event, 1, &wait_timespec, nullptr);
         });
     }},
    {"thrd_sleep", [] { thrd_sleep(&wait_timespec, nullptr); }},
    {"cnd_timedwait",
     [] {
         cnd_t never;
         mtx_t mutex;
         cnd_init(&never);
         mtx_init(&mutex, mtx_plain);
         mtx_lock(&mutex);
         const auto end = deadline(CLOCK_REALTIME);
         cnd_timedwait(&never, &mutex, &end);
     }},
    {"mtx_timedlock",
     [] {
         mtx_t mutex;
         mtx_init(&mutex, mtx_timed);
         mtx_lock(&mutex);
         const auto end = deadline(CLOCK_REALTIME);
         mtx_timedlock(&mutex, &end);
     }},
    {"pthread_rwlock_timedrdlock",
     [] {
         lock_for_reading([](auto* lock) {
             const auto end = deadline(CLOCK_REALTIME);
             pthread_rwlock_timedrdlock(lock, &end);
         });
     }},
    {"pthread_rwlock_timedwrlock",
     [] {
         lock_for_writing([](auto* lock) {
             const auto end = deadline(CLOCK_REALTIME);
             pthread_rwlock_timedwrlock(lock, &end);
         });
     }},
    {"pthread_rwlock_clockrdlock",
     [] {
         lock_for_reading([](auto* lock) {
             const auto end = deadline(CLOCK_MONOTONIC);
             pthread_rwlock_clockrdlock(lock, CLOCK_MONOTONIC, &end);
         });
     }},
    {"pthread_rwlock_clockwrlock",
     [] {
         lock_for_writing([](auto* lock) {
             const auto end = deadline(CLOCK_MONOTONIC);
             pthread_rwlock_clockwrlock(lock, CLOCK_MONOTONIC, &end);
         });
     }},
    {"pthread_timedjoin_np",
     [] {
         join_in_vain([](pthread_t thread) {
             const auto end = deadline(CLOCK_REALTIME);
             pthread_timedjoin_np(thread, nullptr, &end);
         });
     }},
    {"pthread_clockjoin_np",
     [] {
         join_in_vain([](pthread_t thread) {
             const auto end = deadline(CLOCK_MONOTONIC);
             pthread_clockjoin_np(thread, nullptr, CLOCK_MONOTONIC, &end);
         });
     }},
    {"a timer",
     [] {
         wait_for_timer(CLOCK_MONOTONIC, 0, {{}, wait_timespec});
     }},
    {"a timer to a time",
     [] {
         const auto end = deadline(CLOCK_REALTIME);
         wait_for_timer(CLOCK_REALTIME, TFD_TIMER_ABSTIME, {{}, end});
     }},
    {"a timer to a time on a steady clock",
     [] {
         const auto end = deadline(CLOCK_MONOTONIC);
         wait_for_timer(CLOCK_MONOTONIC, TFD_TIMER_ABSTIME, {{}, end});
     }},
};

// A wait reads the clock a few more times, which takes a microsecond each.
bool is_right(const char* name, nanoseconds passed, milliseconds wanted) {
    const bool right = passed >= wanted && passed < wanted + milliseconds(1);
    if (!right)
        std::fprintf(stderr, "%s let %lld ns pass\n", name, static_cast<long long>(passed.count()));
    return right;
}

bool passes(const Wait& wait) {
    const auto start = Clock::now();
    wait.wait();
    return is_right(wait.name, Clock::now() - start, wait_time);
}

// Even if its thread is late.
bool passes_in_steps() {
    constexpr timespec step{0, 2'000'000};
    const auto start = Clock::now();
    const auto expired = wait_for_timer(CLOCK_MONOTONIC, 0, {step, wait_timespec});
    return is_right("a timer in steps", Clock::now() - start,
                    wait_time + (expired - 1) * milliseconds(2));
}

constexpr timespec for_ever{std::numeric_limits<time_t>::max(), 0};

// Waits for an event that comes 20 ms later, with a much later deadline.
template <typename Wait>
bool hears(const char* name, Wait wait) {
    sem_t semaphore;
    sem_init(&semaphore, 0, 0);
    std::thread poster([&] {
        usleep(20'000);
        sem_post(&semaphore);
    });
    const bool heard = wait(&semaphore) == 0;
    if (!heard) std::perror(name);
    poster.join();
    return heard;
}

// libjack cancels its threads wherever they wait, which unwinds the functions that they are in.
bool ends_a_waiting_thread() {
    const auto wait = [](void*) -> void* {
        int before = 0;
        pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &before);
        int word = 0;
        syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, word, nullptr, nullptr, 0);
        return nullptr;
    };
    pthread_t thread{};
    pthread_create(&thread, nullptr, wait, nullptr);
    usleep(20'000);
    pthread_cancel(thread);
    void* result = nullptr;
    pthread_join(thread, &result);
    return result == PTHREAD_CANCELED;
}

bool hears_before_far_deadlines() {
    return hears("sem_timedwait", [](auto* it) { return sem_timedwait(it, &for_ever); }) &&
           hears("sem_clockwait",
                 [](auto* it) { return sem_clockwait(it, CLOCK_MONOTONIC, &for_ever); });
}

// Runs the wait while a signal comes every five milliseconds.
template <typename Wait>
bool is_disturbed(Wait wait) {
    struct sigaction action {};
    action.sa_handler = [](int) {};
    sigaction(SIGALRM, &action, nullptr);
    const itimerval often{{0, 5000}, {0, 5000}}, never{};
    setitimer(ITIMER_REAL, &often, nullptr);
    const bool right = wait();
    setitimer(ITIMER_REAL, &never, nullptr);
    return right;
}

// A wait that was interrupted continues, and one that begins again each time ends.
bool ends_for_all_signals() {
    const auto start = Clock::now();
    const bool interrupted =
        poll(nullptr, 0, 60'000) < 0 && Clock::now() - start < milliseconds(60'000);
    timespec left{0, 30'000'000};
    const auto before_sleep = Clock::now();
    while (nanosleep(&left, &left) != 0) {
    }
    const bool slept = Clock::now() - before_sleep >= milliseconds(30);
    const auto end = Clock::now() + milliseconds(30);
    while (Clock::now() < end) poll(nullptr, 0, 30);
    sem_t semaphore;
    sem_init(&semaphore, 0, 0);
    const auto later = deadline(CLOCK_REALTIME, 30'000'000);
    while (sem_timedwait(&semaphore, &later) != 0 && errno == EINTR) {
    }
    return interrupted && slept && errno == ETIMEDOUT;
}

constexpr const char* device = "/dev/urandom";
constexpr int bytes_shown = 8;

std::string read_descriptor(int fd) {
    std::string bytes(bytes_shown, 0);
    return read(fd, bytes.data(), bytes.size()) == bytes_shown ? bytes : "";
}

std::string read_and_close(int fd) {
    auto bytes = read_descriptor(fd);
    close(fd);
    return bytes;
}

std::string read_and_close(FILE* stream) {
    std::string bytes(bytes_shown, 0);
    if (!stream || std::fread(bytes.data(), 1, bytes.size(), stream) != bytes.size()) bytes = "";
    if (stream) std::fclose(stream);
    return bytes;
}

struct RandomSource {
    const char* name;
    std::string (*read)();
};

constexpr RandomSource random_sources[] = {
    {"open", [] { return read_and_close(open(device, O_RDONLY)); }},
    {"open64", [] { return read_and_close(open64(device, O_RDONLY)); }},
    {"openat", [] { return read_and_close(openat(AT_FDCWD, device, O_RDONLY)); }},
    {"openat64", [] { return read_and_close(openat64(AT_FDCWD, "/dev/random", O_RDONLY)); }},
    {"__open_2", [] { return read_and_close(__open_2(device, O_RDONLY)); }},
    {"__open64_2", [] { return read_and_close(__open64_2(device, O_RDONLY)); }},
    {"__openat_2", [] { return read_and_close(__openat_2(AT_FDCWD, device, O_RDONLY)); }},
    {"__openat64_2", [] { return read_and_close(__openat64_2(AT_FDCWD, device, O_RDONLY)); }},
    {"fopen", [] { return read_and_close(std::fopen(device, "r")); }},
    {"fopen64", [] { return read_and_close(fopen64(device, "r")); }},
    {"freopen",
     [] { return read_and_close(std::freopen(device, "r", std::fopen("/dev/null", "r"))); }},
    {"freopen64",
     [] { return read_and_close(freopen64(device, "r", std::fopen("/dev/null", "r"))); }},
    {"uuid", [] { return read_and_close(open("/proc/sys/kernel/random/uuid", O_RDONLY)); }},
};

void show_bytes(const char* name, const std::string& bytes) {
    std::fprintf(stderr, "\n%s:", name);
    for (const unsigned char byte : bytes) std::fprintf(stderr, " %02x", byte);
    std::fprintf(stderr, "\n");
}

bool is_uuid(std::string_view text) {
    return text.size() == 37 && text[8] == '-' && text[13] == '-' && text[14] == '4' &&
           text[18] == '-' && text[23] == '-' && text[36] == '\n';
}

bool whole_uuid_is_one() {
    std::string text;
    std::ifstream file("/proc/sys/kernel/random/uuid");
    std::getline(file, text, '\0');
    return is_uuid(text);
}

// Every way to ask the system for the number of processors.
bool shows_one_processor() {
    cpu_set_t all, own;
    return sched_getaffinity(0, sizeof all, &all) == 0 && CPU_COUNT(&all) == 1 &&
           pthread_getaffinity_np(pthread_self(), sizeof own, &own) == 0 && CPU_COUNT(&own) == 1 &&
           sysconf(_SC_NPROCESSORS_ONLN) == 1 && sysconf(_SC_NPROCESSORS_CONF) == 1 &&
           get_nprocs() == 1 && get_nprocs_conf() == 1 && std::thread::hardware_concurrency() == 1;
}

// The processors on which the kernel lets this thread run: "0-1".
std::string real_processors() {
    std::ifstream status("/proc/thread-self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("Cpus_allowed_list:")) return line;
    return "";
}

// Setting the processors that were shown leaves the thread on all processors.
bool keeps_its_processors(const std::string& before) {
    cpu_set_t shown;
    sched_getaffinity(0, sizeof shown, &shown);
    const bool taken = sched_setaffinity(0, sizeof shown, &shown) == 0 &&
                       pthread_setaffinity_np(pthread_self(), sizeof shown, &shown) == 0;
    return taken && !before.empty() && real_processors() == before;
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
    return std::count_if(std::begin(waits), std::end(waits), passes) == std::ssize(waits) &&
           passes_in_steps();
}

RandomCorner::RandomCorner(double rate, const LV2_Feature* const* features)
    : Corner(rate, features), device_(open(device, O_RDONLY)) {}

bool RandomCorner::ready() {
    show_bytes("kept open", read_descriptor(device_));
    for (const auto& source : random_sources) show_bytes(source.name, source.read());
    return whole_uuid_is_one();
}

ProcessorsCorner::ProcessorsCorner(double rate, const LV2_Feature* const* features)
    : Corner(rate, features), processors_(real_processors()) {}

bool ProcessorsCorner::ready() {
    return shows_one_processor() && keeps_its_processors(processors_);
}

bool SteadyCorner::look() {
    const auto now = Clock::now().time_since_epoch();
    if (now <= last_) std::fprintf(stderr, "the clock went back\n");
    return now > std::exchange(last_, std::max(now, last_)) && steady_;
}

bool FarCorner::ready() { return hears_before_far_deadlines() && ends_a_waiting_thread(); }
bool SignalsCorner::ready() { return is_disturbed(ends_for_all_signals); }

}  // namespace patchpipe
