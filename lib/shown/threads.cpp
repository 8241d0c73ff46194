// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Replaces pthread_create(), so that the plug-in's threads are known.
#include "shown/threads.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <atomic>
#include <ctime>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "base/descriptor.h"
#include "base/real_time.h"
#include "shown/next.h"
#include "shown/realtime_calls.h"

namespace patchpipe {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using Routine = void*(void*);

constexpr milliseconds time_between_looks{3};
constexpr int quiet_looks = 8;
constexpr int share_of_sleepers = 10;  // a tenth of a processor at most

// A thread of the plug-in, or a free place for one. Threads are recorded when they start, because
// /proc/self/task does not say who started them.
struct Thread {
    std::atomic<bool> taken = false;
    std::atomic<pid_t> id = 0;  // 0 until it runs
    std::atomic<bool> serves_window = false;
    Routine* routine = nullptr;
    void* argument = nullptr;
};

// The calling thread's place.
thread_local Thread* current = nullptr;

// If a plug-in has more threads than this at a time, some are not waited for.
std::array<Thread, 512> threads;
std::atomic<nanoseconds> time_of_ended{nanoseconds(0)};
auto last_wait = RealClock::time_point::max();

nanoseconds time_of(clockid_t clock) {
    timespec time{};
    if (syscall(SYS_clock_gettime, clock, &time) != 0) return nanoseconds(0);
    return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

// The kernel makes a thread's clock id from the thread's id (include/linux/posix-timers.h): its
// bits inverted, shifted by 3, and 6 for the time that a single thread was scheduled.
nanoseconds time_of_thread(pid_t id) {
    return time_of(static_cast<clockid_t>((~static_cast<unsigned>(id) << 3) | 6));
}

// True if the thread is running, ready to run, or waiting for a disk, by the letter that follows
// the name in parentheses (proc(5)).
bool is_awake(pid_t id) {
    const auto path = "/proc/self/task/" + std::to_string(id) + "/stat";
    const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    std::array<char, 128> bytes{};
    const auto size = read(file.get(), bytes.data(), bytes.size());
    const std::string_view text(bytes.data(), static_cast<std::size_t>(std::max(size, ssize_t{0})));
    const auto end_of_name = text.rfind(") ");
    if (end_of_name == text.npos) return false;  // the thread has ended
    const auto state = text.substr(end_of_name + 2, 1);
    return state == "R" || state == "D";
}

// The start of the executable or library that contains the address. Unlike dladdr() this does not
// wait while a plug-in is being loaded.
const void* module_of(const void* address) {
    dl_find_object found{};
    return _dl_find_object(const_cast<void*>(address), &found) == 0 ? found.dlfo_map_start
                                                                    : nullptr;
}

// True for a thread that the executable starts, which is JUCE's. The routine of a std::thread is in
// the C++ library, but its argument is an object of a class defined by whoever starts it, so it
// begins with a pointer into the starter.
bool is_own(Routine* routine, void* argument) {
    using Join = Next<"_ZNSt6thread4joinEv", void(std::thread*)>;
    const void* const own = module_of(&threads);
    const void* const library = module_of(reinterpret_cast<const void*>(Join::function()));
    const void* starter = module_of(reinterpret_cast<const void*>(routine));
    if (starter == library && argument) starter = module_of(*static_cast<void**>(argument));
    return starter == own;
}

Thread* take_place() {
    for (auto& thread : threads) {
        bool free = false;
        if (thread.taken.compare_exchange_strong(free, true)) return &thread;
    }
    return nullptr;
}

void free_place(Thread& thread) {
    thread.id = 0;
    thread.serves_window = false;
    thread.taken = false;
}

// Registers the running thread during its lifetime. It is destroyed even if the thread is
// cancelled.
class Running {
 public:
    explicit Running(Thread& thread) : thread_(thread) {
        thread_.id = static_cast<pid_t>(syscall(SYS_gettid));
        current = &thread_;
    }
    ~Running() {
        auto before = time_of_ended.load();
        const auto own = thread_.serves_window ? nanoseconds(0) : time_of(CLOCK_THREAD_CPUTIME_ID);
        while (!time_of_ended.compare_exchange_weak(before, before + own)) {
        }
        free_place(thread_);
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

 private:
    Thread& thread_;
};

void* run_thread(void* place) {
    auto& thread = *static_cast<Thread*>(place);
    const Running running(thread);
    return thread.routine(thread.argument);
}

}  // namespace

bool has_plugin_threads() {
    return std::any_of(threads.begin(), threads.end(),
                       [](const Thread& thread) { return thread.taken.load(); });
}

bool plugin_threads_work() {
    return std::any_of(threads.begin(), threads.end(), [](const Thread& thread) {
        return thread.taken && !thread.serves_window && (thread.id == 0 || is_awake(thread.id));
    });
}

nanoseconds time_of_plugin_threads() {
    auto sum = time_of_ended.load();
    for (const auto& thread : threads)
        if (const auto id = thread.id.load(); id != 0 && !thread.serves_window)
            sum += time_of_thread(id);
    return sum;
}

void forget_plugin_threads() {
    for (auto& thread : threads) free_place(thread);
    time_of_ended = nanoseconds(0);
}

void set_last_wait(RealClock::time_point until) { last_wait = until; }

bool wait_for_plugin_threads(RealClock::time_point until) {
    if (!has_plugin_threads()) return true;
    auto last_look = RealClock::now();
    auto used = time_of_plugin_threads();
    // Counts looks instead of time: on a busy machine a single sleep may take as long as all of
    // them.
    for (int quiet = 0; quiet < quiet_looks;) {
        real_sleep(time_between_looks);
        const auto now = RealClock::now();
        if (now > std::min(until, last_wait)) return false;
        const auto share = (now - std::exchange(last_look, now)) / share_of_sleepers;
        const auto used_before = std::exchange(used, time_of_plugin_threads());
        const bool work = used - used_before > share || plugin_threads_work();
        quiet = work ? 0 : quiet + 1;
    }
    return true;
}

}  // namespace patchpipe

using namespace patchpipe;

extern "C" int pthread_create(pthread_t* handle, const pthread_attr_t* attributes, Routine* routine,
                              void* argument) noexcept {
    note_realtime_call(RealtimeCall::system, "pthread_create");
    using Create = int(pthread_t*, const pthread_attr_t*, Routine*, void*);
    Thread* const place = is_own(routine, argument) ? nullptr : take_place();
    if (!place) return next<"pthread_create", Create>(handle, attributes, routine, argument);
    place->routine = routine;
    place->argument = argument;
    const int result =
        next<"pthread_create", Create>(handle, attributes, run_thread, static_cast<void*>(place));
    if (result != 0) free_place(*place);
    return result;
}

// JUCE's plug-ins have a thread that tells a window about changes. Its work does not affect the
// sound, and with thousands of parameters it is a lot.
extern "C" int pthread_setname_np(pthread_t thread, const char* name) noexcept {
    constexpr std::string_view juces = "JUCE Plugin Message Thread";
    if (current && name == juces && pthread_equal(thread, pthread_self()))
        current->serves_window = true;
    return next<"pthread_setname_np", int(pthread_t, const char*)>(thread, name);
}
