// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// For LD_PRELOAD: locks fail as on systems that lack some kinds. PATCHPIPE_LOCKS is
//
//     nfs     flock() on a file needs a descriptor that is open for writing (NFS from version 4 on)
//     lustre  there are no locks on files (Lustre mounted without -o flock)
//     old     there are no locks of open file descriptions (kernels and sandboxes without them)
//
// pread() takes a millisecond, so that workers that do not exclude each other take the same line.

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <string_view>

namespace {

bool locks_are(std::string_view kind) {
    const char* set = std::getenv("PATCHPIPE_LOCKS");
    return set && kind == set;
}

bool is_file(int fd) {
    struct stat info {};
    return fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
}

int fail(int error) {
    errno = error;
    return -1;
}

int ranges(int fd, int command, void* argument) {
    const bool lock = command == F_OFD_SETLK || command == F_OFD_SETLKW || command == F_OFD_GETLK;
    if (lock && locks_are("lustre") && is_file(fd)) return fail(ENOSYS);
    if (lock && locks_are("old")) return fail(EINVAL);
    return static_cast<int>(syscall(SYS_fcntl, fd, command, argument));
}

}  // namespace

extern "C" int flock(int fd, int operation) {
    if (locks_are("lustre") && is_file(fd)) return fail(ENOSYS);
    if (locks_are("nfs") && is_file(fd) && (operation & LOCK_EX) &&
        (syscall(SYS_fcntl, fd, F_GETFL) & O_ACCMODE) == O_RDONLY)
        return fail(EBADF);
    return static_cast<int>(syscall(SYS_flock, fd, operation));
}

extern "C" int fcntl(int fd, int command, ...) {
    va_list arguments;
    va_start(arguments, command);
    void* argument = va_arg(arguments, void*);
    va_end(arguments);
    return ranges(fd, command, argument);
}

extern "C" int fcntl64(int fd, int command, ...) __attribute__((alias("fcntl")));

extern "C" ssize_t pread(int fd, void* bytes, size_t size, off_t offset) {
    usleep(1000);
    return syscall(SYS_pread64, fd, bytes, size, offset);
}
