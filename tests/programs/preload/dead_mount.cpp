// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// For LD_PRELOAD: open() and stat() of files in a folder called dead-mount never return, as on a
// network mount whose server is gone.

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cstdarg>
#include <cstring>

// render-one's own open() comes first, and ends here.
extern "C" int openat(int folder, const char* path, int flags, ...) {
    while (std::strstr(path, "dead-mount/")) pause();
    va_list arguments;
    va_start(arguments, flags);
    const auto mode = va_arg(arguments, mode_t);
    va_end(arguments);
    using Open = int(int, const char*, int, ...);
    return reinterpret_cast<Open*>(dlsym(RTLD_NEXT, "openat"))(folder, path, flags, mode);
}

extern "C" int stat(const char* path, struct stat* info) noexcept {
    while (std::strstr(path, "dead-mount/")) pause();
    using Stat = int(const char*, struct stat*);
    return reinterpret_cast<Stat*>(dlsym(RTLD_NEXT, "stat"))(path, info);
}
