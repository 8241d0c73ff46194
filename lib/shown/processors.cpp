// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The number of processors that a plug-in sees: one. In plug-ins that spread their work over all
// processors, threads race for the next random number or the order of a sum; with one processor
// they repeat, even on another machine. The user runs several renders at a time instead.
#include <pthread.h>
#include <sched.h>
#include <sys/sysinfo.h>
#include <unistd.h>
#include <cstddef>

#include "shown/clock.h"
#include "shown/next.h"

using namespace patchpipe;

namespace {

void keep_first(std::size_t size, cpu_set_t* processors) {
    int first = 0;
    while (!CPU_ISSET_S(first, size, processors)) ++first;
    CPU_ZERO_S(size, processors);
    CPU_SET_S(first, size, processors);
}

}  // namespace

extern "C" {

int get_nprocs() noexcept { return host_clock_is_shown() ? 1 : next<"get_nprocs", int()>(); }

int get_nprocs_conf() noexcept {
    return host_clock_is_shown() ? 1 : next<"get_nprocs_conf", int()>();
}

long sysconf(int name) noexcept {
    const bool counts = name == _SC_NPROCESSORS_ONLN || name == _SC_NPROCESSORS_CONF;
    return counts && host_clock_is_shown() ? 1 : next<"sysconf", long(int)>(name);
}

int sched_getaffinity(pid_t thread, std::size_t size, cpu_set_t* processors) noexcept {
    using Function = int(pid_t, std::size_t, cpu_set_t*);
    const int result = next<"sched_getaffinity", Function>(thread, size, processors);
    if (result == 0 && host_clock_is_shown()) keep_first(size, processors);
    return result;
}

int pthread_getaffinity_np(pthread_t thread, std::size_t size, cpu_set_t* processors) noexcept {
    using Function = int(pthread_t, std::size_t, cpu_set_t*);
    const int result = next<"pthread_getaffinity_np", Function>(thread, size, processors);
    if (result == 0 && host_clock_is_shown()) keep_first(size, processors);
    return result;
}

// A plug-in that set the processors that it sees would bind all workers to the same one.
int sched_setaffinity(pid_t thread, std::size_t size, const cpu_set_t* processors) noexcept {
    if (host_clock_is_shown()) return 0;
    using Function = int(pid_t, std::size_t, const cpu_set_t*);
    return next<"sched_setaffinity", Function>(thread, size, processors);
}

int pthread_setaffinity_np(pthread_t thread, std::size_t size,
                           const cpu_set_t* processors) noexcept {
    if (host_clock_is_shown()) return 0;
    using Function = int(pthread_t, std::size_t, const cpu_set_t*);
    return next<"pthread_setaffinity_np", Function>(thread, size, processors);
}

}  // extern "C"
