// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// For LD_PRELOAD: a machine with 64 processors, as far as programs ask the C library for them.

#include <dlfcn.h>
#include <sched.h>
#include <unistd.h>

namespace {

constexpr int processors = 64;

}  // namespace

extern "C" int get_nprocs() noexcept { return processors; }
extern "C" int get_nprocs_conf() noexcept { return processors; }

extern "C" int sched_getaffinity(pid_t /*process*/, size_t size, cpu_set_t* set) noexcept {
    CPU_ZERO_S(size, set);
    for (int i = 0; i < processors; ++i) CPU_SET_S(i, size, set);
    return 0;
}

extern "C" long sysconf(int name) noexcept {
    if (name == _SC_NPROCESSORS_CONF || name == _SC_NPROCESSORS_ONLN) return processors;
    return reinterpret_cast<long (*)(int)>(dlsym(RTLD_NEXT, "sysconf"))(name);
}
