// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Functions of glibc that programs compiled with _FORTIFY_SOURCE call in place of open() and the
// like. Its headers declare them for such programs only; their types are those of glibc's
// bits/*-decl.h.
#pragma once

#include <poll.h>
#include <sys/types.h>
#include <cstddef>
#include <cstdio>

extern "C" {

int __open_2(const char* path, int flags);
int __open64_2(const char* path, int flags);
int __openat_2(int folder, const char* path, int flags);
int __openat64_2(int folder, const char* path, int flags);
ssize_t __read_chk(int fd, void* bytes, std::size_t wanted, std::size_t room);
int __poll_chk(pollfd* polled, nfds_t count, int timeout, std::size_t room);
int __ppoll_chk(pollfd* polled, nfds_t count, const timespec* timeout, const sigset_t* mask,
                std::size_t room);
int __printf_chk(int flag, const char* format, ...);
int __fprintf_chk(FILE* file, int flag, const char* format, ...);

}  // extern "C"
