// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Replaces the C library's functions that give random numbers or open the random devices.
#include "host/shown/random.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <vector>

#include "host/host_clock.h"
#include "host/shown/next.h"

namespace patchpipe {
namespace {

// Every thread has the same numbers: which thread comes first must not matter.
constexpr std::uint64_t seed = 0x70617463'68706970;
thread_local std::uint64_t state = seed;

// SplitMix64 (Steele, Lea and Flood 2014).
std::uint64_t draw() {
    auto z = state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

void fill(void* bytes, std::size_t size) {
    auto* at = static_cast<unsigned char*>(bytes);
    for (std::size_t left = size; left > 0;) {
        const auto number = draw();
        const auto count = std::min(left, sizeof number);
        std::memcpy(at, &number, count);
        at += count;
        left -= count;
    }
}

bool is_random_device(const char* path) {
    if (!host_clock_is_shown() || !path) return false;
    const std::string_view name(path);
    return name == "/dev/urandom" || name == "/dev/random";
}

// The files that stand for the device, by their inodes. Parent and children share the place at
// which one that stays open is read, so every job reads it from the start.
struct OpenDevice {
    int fd = -1;
    ino_t inode = 0;
};
std::array<OpenDevice, 64> open_devices;
std::atomic<std::size_t> opened = 0;

void note(int fd) {
    struct stat info {};
    if (fstat(fd, &info) == 0) open_devices[opened++ % open_devices.size()] = {fd, info.st_ino};
}

void rewind_devices() {
    for (const auto& device : open_devices) {
        struct stat info {};
        if (device.fd >= 0 && fstat(device.fd, &info) == 0 && info.st_ino == device.inode)
            lseek(device.fd, 0, SEEK_SET);
    }
}

// A file in memory in place of the device. Who reads more than a megabyte of it finds its end.
int open_random_numbers(int flags) {
    const int fd = memfd_create("random", flags & O_CLOEXEC ? MFD_CLOEXEC : 0);
    if (fd < 0) return fd;
    std::vector<unsigned char> bytes(std::size_t{1} << 20);
    fill(bytes.data(), bytes.size());
    if (pwrite(fd, bytes.data(), bytes.size(), 0) >= 0) {
        note(fd);
        return fd;
    }
    close(fd);
    return -1;
}

mode_t mode_of(int flags, va_list arguments) {
    const bool creates = (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
    return creates ? va_arg(arguments, mode_t) : 0;
}

int open_at(int folder, const char* path, int flags, mode_t mode) {
    if (is_random_device(path)) return open_random_numbers(flags);
    return next<"openat", int(int, const char*, int, mode_t)>(folder, path, flags, mode);
}

using OpenStream = FILE*(const char*, const char*);

template <FunctionName name>
FILE* open_stream(const char* path, const char* mode) {
    if (!is_random_device(path)) return next<name, OpenStream>(path, mode);
    const int fd = open_random_numbers(O_CLOEXEC);
    return fd < 0 ? nullptr : fdopen(fd, mode);
}

}  // namespace

void start_random_numbers() {
    state = seed;
    rewind_devices();
}

}  // namespace patchpipe

using namespace patchpipe;

extern "C" {

ssize_t getrandom(void* bytes, std::size_t size, unsigned flags) {
    using Function = ssize_t(void*, std::size_t, unsigned);
    if (!host_clock_is_shown()) return next<"getrandom", Function>(bytes, size, flags);
    fill(bytes, size);
    return static_cast<ssize_t>(size);
}

int getentropy(void* bytes, std::size_t size) {
    constexpr std::size_t most = 256;  // POSIX
    if (size > most) {
        errno = EIO;
        return -1;
    }
    return getrandom(bytes, size, 0) == static_cast<ssize_t>(size) ? 0 : -1;
}

// In the C library from glibc 2.36 on, and in libbsd.
void arc4random_buf(void* bytes, std::size_t size) noexcept {
    auto* const real = Next<"arc4random_buf", void(void*, std::size_t)>::function();
    if (!host_clock_is_shown() && real) return real(bytes, size);
    fill(bytes, size);
}

std::uint32_t arc4random() noexcept {
    std::uint32_t number = 0;
    arc4random_buf(&number, sizeof number);
    return number;
}

std::uint32_t arc4random_uniform(std::uint32_t bound) noexcept {
    return bound < 2 ? 0 : static_cast<std::uint32_t>((std::uint64_t{arc4random()} * bound) >> 32);
}

// What std::random_device calls for each number; it may ask the processor instead of the system.
unsigned shown_random_device(void* device) __asm__("_ZNSt13random_device9_M_getvalEv");
unsigned shown_random_device(void* device) {
    return host_clock_is_shown()
               ? arc4random()
               : next<"_ZNSt13random_device9_M_getvalEv", unsigned(void*)>(device);
}

int open(const char* path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const auto mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_at(AT_FDCWD, path, flags, mode);
}

int open64(const char* path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const auto mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_at(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

FILE* fopen(const char* __restrict path, const char* __restrict mode) {
    return open_stream<"fopen">(path, mode);
}

FILE* fopen64(const char* __restrict path, const char* __restrict mode) {
    return open_stream<"fopen64">(path, mode);
}

}  // extern "C"
