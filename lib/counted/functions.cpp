// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Functions of the C library that a plug-in should not call while it processes audio. They replace
// the originals only to count their calls (shown/realtime_calls.h), in plugin-measure alone: other
// tools would pay for it. What lib/shown replaces is counted there.
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <threads.h>
#include <unistd.h>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>

#include "base/sanitized.h"
#include "shown/checked_functions.h"
#include "shown/next.h"
#include "shown/realtime_calls.h"

using namespace patchpipe;

namespace {

constexpr auto a_lock = RealtimeCall::lock;
constexpr auto a_wait = RealtimeCall::wait;
constexpr auto a_system_call = RealtimeCall::system;

}  // namespace

extern "C" {

// The sanitizers have these themselves.
#ifndef PATCHPIPE_SANITIZED

void* __libc_calloc(std::size_t count, std::size_t bytes);
void __libc_free(void* memory);

void* calloc(std::size_t count, std::size_t bytes) noexcept {
    note_realtime_call(RealtimeCall::allocation, "calloc");
    return __libc_calloc(count, bytes);
}

void free(void* memory) noexcept {
    if (memory) note_realtime_call(RealtimeCall::release, "free");
    __libc_free(memory);
}

#endif

int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
    note_realtime_call(a_lock, "pthread_mutex_lock");
    return next<"pthread_mutex_lock", int(pthread_mutex_t*)>(mutex);
}

int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
    note_realtime_call(a_lock, "pthread_rwlock_rdlock");
    return next<"pthread_rwlock_rdlock", int(pthread_rwlock_t*)>(lock);
}

int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
    note_realtime_call(a_lock, "pthread_rwlock_wrlock");
    return next<"pthread_rwlock_wrlock", int(pthread_rwlock_t*)>(lock);
}

int pthread_spin_lock(pthread_spinlock_t* lock) noexcept {
    note_realtime_call(a_lock, "pthread_spin_lock");
    return next<"pthread_spin_lock", int(pthread_spinlock_t*)>(lock);
}

int mtx_lock(mtx_t* mutex) {
    note_realtime_call(a_lock, "mtx_lock");
    return next<"mtx_lock", int(mtx_t*)>(mutex);
}

int pthread_cond_wait(pthread_cond_t* __restrict condition, pthread_mutex_t* __restrict mutex) {
    note_realtime_call(a_wait, "pthread_cond_wait");
    return next<"pthread_cond_wait", int(pthread_cond_t*, pthread_mutex_t*)>(condition, mutex);
}

int cnd_wait(cnd_t* condition, mtx_t* mutex) {
    note_realtime_call(a_wait, "cnd_wait");
    return next<"cnd_wait", int(cnd_t*, mtx_t*)>(condition, mutex);
}

int sem_wait(sem_t* semaphore) {
    note_realtime_call(a_wait, "sem_wait");
    return next<"sem_wait", int(sem_t*)>(semaphore);
}

int pthread_barrier_wait(pthread_barrier_t* barrier) noexcept {
    note_realtime_call(a_wait, "pthread_barrier_wait");
    return next<"pthread_barrier_wait", int(pthread_barrier_t*)>(barrier);
}

int pthread_join(pthread_t thread, void** result) {
    note_realtime_call(a_wait, "pthread_join");
    return next<"pthread_join", int(pthread_t, void**)>(thread, result);
}

int sched_yield() noexcept {
    note_realtime_call(a_wait, "sched_yield");
    return next<"sched_yield", int()>();
}

ssize_t write(int fd, const void* bytes, std::size_t size) {
    note_realtime_call(a_system_call, "write");
    return next<"write", ssize_t(int, const void*, std::size_t)>(fd, bytes, size);
}

ssize_t pread(int fd, void* bytes, std::size_t size, off_t at) {
    note_realtime_call(a_system_call, "pread");
    return next<"pread", ssize_t(int, void*, std::size_t, off_t)>(fd, bytes, size, at);
}

int close(int fd) {
    note_realtime_call(a_system_call, "close");
    return next<"close", int(int)>(fd);
}

off_t lseek(int fd, off_t offset, int from) noexcept {
    note_realtime_call(a_system_call, "lseek");
    return next<"lseek", off_t(int, off_t, int)>(fd, offset, from);
}

void* mmap(void* at, std::size_t size, int protection, int flags, int fd, off_t offset) noexcept {
    note_realtime_call(a_system_call, "mmap");
    using Function = void*(void*, std::size_t, int, int, int, off_t);
    return next<"mmap", Function>(at, size, protection, flags, fd, offset);
}

int munmap(void* at, std::size_t size) noexcept {
    note_realtime_call(a_system_call, "munmap");
    return next<"munmap", int(void*, std::size_t)>(at, size);
}

ssize_t send(int fd, const void* bytes, std::size_t size, int flags) {
    note_realtime_call(a_system_call, "send");
    return next<"send", ssize_t(int, const void*, std::size_t, int)>(fd, bytes, size, flags);
}

ssize_t recv(int fd, void* bytes, std::size_t size, int flags) {
    note_realtime_call(a_system_call, "recv");
    return next<"recv", ssize_t(int, void*, std::size_t, int)>(fd, bytes, size, flags);
}

std::size_t fread(void* items, std::size_t size, std::size_t count, FILE* file) {
    note_realtime_call(a_system_call, "fread");
    using Function = std::size_t(void*, std::size_t, std::size_t, FILE*);
    return next<"fread", Function>(items, size, count, file);
}

std::size_t fwrite(const void* items, std::size_t size, std::size_t count, FILE* file) {
    note_realtime_call(a_system_call, "fwrite");
    using Function = std::size_t(const void*, std::size_t, std::size_t, FILE*);
    return next<"fwrite", Function>(items, size, count, file);
}

int fflush(FILE* file) {
    note_realtime_call(a_system_call, "fflush");
    return next<"fflush", int(FILE*)>(file);
}

int fputs(const char* text, FILE* file) {
    note_realtime_call(a_system_call, "fputs");
    return next<"fputs", int(const char*, FILE*)>(text, file);
}

int puts(const char* text) {
    note_realtime_call(a_system_call, "puts");
    return next<"puts", int(const char*)>(text);
}

int printf(const char* format, ...) {
    note_realtime_call(a_system_call, "printf");
    va_list arguments;
    va_start(arguments, format);
    const int size = std::vprintf(format, arguments);
    va_end(arguments);
    return size;
}

int fprintf(FILE* file, const char* format, ...) {
    note_realtime_call(a_system_call, "fprintf");
    va_list arguments;
    va_start(arguments, format);
    const int size = std::vfprintf(file, format, arguments);
    va_end(arguments);
    return size;
}

// Programs compiled with _FORTIFY_SOURCE call these two.
int __printf_chk(int, const char* format, ...) {
    note_realtime_call(a_system_call, "printf");
    va_list arguments;
    va_start(arguments, format);
    const int size = std::vprintf(format, arguments);
    va_end(arguments);
    return size;
}

int __fprintf_chk(FILE* file, int, const char* format, ...) {
    note_realtime_call(a_system_call, "fprintf");
    va_list arguments;
    va_start(arguments, format);
    const int size = std::vfprintf(file, format, arguments);
    va_end(arguments);
    return size;
}

}  // extern "C"
