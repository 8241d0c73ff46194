// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// For LD_PRELOAD: open() and stat() of files in a folder called dead-mount do not return, as on a
// network mount whose server is gone, until the folder has a file called "back". With
// DEAD_MOUNT_ENDS in the environment it gets one at the very end of a process, when the objects of
// the whole program are gone.

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace {

void wait_for_mount(const char* path) {
    const timespec pause{.tv_sec = 0, .tv_nsec = 10'000'000};
    while (std::strstr(path, "dead-mount/") && access("dead-mount/back", F_OK) != 0)
        nanosleep(&pause, nullptr);
}

}  // namespace

// render-one's own open() is found first, and calls this one.
extern "C" int openat(int folder, const char* path, int flags, ...) {
    wait_for_mount(path);
    va_list arguments;
    va_start(arguments, flags);
    const auto mode = va_arg(arguments, mode_t);
    va_end(arguments);
    using Open = int(int, const char*, int, ...);
    return reinterpret_cast<Open*>(dlsym(RTLD_NEXT, "openat"))(folder, path, flags, mode);
}

extern "C" int stat(const char* path, struct stat* info) noexcept {
    wait_for_mount(path);
    using Stat = int(const char*, struct stat*);
    return reinterpret_cast<Stat*>(dlsym(RTLD_NEXT, "stat"))(path, info);
}

namespace {

__attribute__((destructor)) void come_back() {
    if (!getenv("DEAD_MOUNT_ENDS")) return;
    const int file = open("dead-mount/back", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (file < 0) return;
    close(file);
    const timespec pause{.tv_sec = 0, .tv_nsec = 200'000'000};
    nanosleep(&pause, nullptr);
}

}  // namespace
