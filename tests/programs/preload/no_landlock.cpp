// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// For LD_PRELOAD: a kernel without Landlock.

#include <dlfcn.h>
#include <sys/syscall.h>
#include <cerrno>

// No system call has more arguments, and superfluous ones are ignored.
extern "C" long syscall(long number, long a, long b, long c, long d, long e, long f) {
    if (number == SYS_landlock_create_ruleset) {
        errno = ENOSYS;
        return -1;
    }
    using Call = long(long, long, long, long, long, long, long);
    return reinterpret_cast<Call*>(dlsym(RTLD_NEXT, "syscall"))(number, a, b, c, d, e, f);
}
