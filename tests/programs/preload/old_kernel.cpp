// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// For LD_PRELOAD: a kernel without the system call that $KERNEL_LACKS names:
//
//     landlock        before Linux 5.13
//     userfaultfd     none that tells which pages were written, as before Linux 6.7
//     inotify         as when the user has no watch left

#include <dlfcn.h>
#include <sys/syscall.h>
#include <cerrno>
#include <cstdlib>
#include <string_view>

namespace {

bool lacks(std::string_view what) {
    const char* name = std::getenv("KERNEL_LACKS");
    return name != nullptr && name == what;
}

long refused() {
    return lacks("landlock")      ? SYS_landlock_create_ruleset
           : lacks("userfaultfd") ? SYS_userfaultfd
                                  : -1;
}

}  // namespace

// No system call has more arguments, and superfluous ones are ignored.
extern "C" long syscall(long number, long a, long b, long c, long d, long e, long f) {
    if (number == refused()) {
        errno = ENOSYS;
        return -1;
    }
    using Call = long(long, long, long, long, long, long, long);
    return reinterpret_cast<Call*>(dlsym(RTLD_NEXT, "syscall"))(number, a, b, c, d, e, f);
}

extern "C" int inotify_init1(int flags) {
    if (lacks("inotify")) {
        errno = EMFILE;
        return -1;
    }
    return reinterpret_cast<int (*)(int)>(dlsym(RTLD_NEXT, "inotify_init1"))(flags);
}
