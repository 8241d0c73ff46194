// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Replaces the C library's functions that return random numbers or open the random devices.
#include "shown/random.h"

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
#include <string>
#include <string_view>

#include "base/descriptor.h"
#include "base/hex.h"
#include "shown/checked_functions.h"
#include "shown/clock.h"
#include "shown/next.h"
#include "shown/realtime_calls.h"

namespace patchpipe {
namespace {

// Every thread gets the same numbers, so that it does not matter which one is first.
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

enum class RandomFile { none, bytes, uuid };

RandomFile random_file(const char* path) {
    if (!host_clock_is_shown() || !path) return RandomFile::none;
    const std::string_view name(path);
    if (name == "/dev/urandom" || name == "/dev/random") return RandomFile::bytes;
    return name == "/proc/sys/kernel/random/uuid" ? RandomFile::uuid : RandomFile::none;
}

// A device ends after a megabyte.
std::string random_bytes() {
    std::string bytes(std::size_t{1} << 20, 0);
    fill(bytes.data(), bytes.size());
    return bytes;
}

// A line as the kernel writes it: a UUID of version 4, made of random numbers (RFC 4122).
std::string random_uuid() {
    std::string bytes(16, 0);
    fill(bytes.data(), bytes.size());
    bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
    auto text = to_hex(bytes);
    for (const std::size_t at : {8, 13, 18, 23}) text.insert(at, 1, '-');
    return text + "\n";
}

// The files that replace the devices, by their inodes. Parent and children share the position of a
// file that stays open, so it is rewound for every job.
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

// Opens a file in memory in place of the device.
int open_random_numbers(RandomFile kind, int flags) {
    const int fd = memfd_create("random", flags & O_CLOEXEC ? MFD_CLOEXEC : 0);
    if (fd < 0) return fd;
    const auto bytes = kind == RandomFile::uuid ? random_uuid() : random_bytes();
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

// Opens a random device, or else a file as the given function does.
template <typename Open>
int open_file(const char* path, int flags, Open open) {
    const auto kind = random_file(path);
    return kind == RandomFile::none ? open() : open_random_numbers(kind, flags);
}

int open_at(int folder, const char* path, int flags, mode_t mode) {
    return open_file(path, flags, [&] {
        return next<"openat", int(int, const char*, int, mode_t)>(folder, path, flags, mode);
    });
}

template <FunctionName name>
FILE* open_stream(const char* path, const char* mode) {
    const auto kind = random_file(path);
    if (kind == RandomFile::none) return next<name, FILE*(const char*, const char*)>(path, mode);
    const int fd = open_random_numbers(kind, O_CLOEXEC);
    return fd < 0 ? nullptr : fdopen(fd, mode);
}

// freopen() wants a name, so the stream opens the file in memory again by its name in /proc.
template <FunctionName name>
FILE* open_stream_again(const char* path, const char* mode, FILE* stream) {
    using Function = FILE*(const char*, const char*, FILE*);
    const auto kind = random_file(path);
    if (kind == RandomFile::none) return next<name, Function>(path, mode, stream);
    const Descriptor file(open_random_numbers(kind, O_CLOEXEC));
    const auto name_of_file = "/proc/self/fd/" + std::to_string(file.get());
    auto* const opened = next<name, Function>(name_of_file.c_str(), mode, stream);
    if (opened) note(fileno(opened));
    return opened;
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
    note_realtime_call(RealtimeCall::system, "getrandom");
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

// These are in the C library from glibc 2.36 on, and in libbsd.
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

// std::random_device calls this for each number; it may ask the processor instead of the system.
unsigned shown_random_device(void* device) __asm__("_ZNSt13random_device9_M_getvalEv");
unsigned shown_random_device(void* device) {
    return host_clock_is_shown()
               ? arc4random()
               : next<"_ZNSt13random_device9_M_getvalEv", unsigned(void*)>(device);
}

int open(const char* path, int flags, ...) {
    note_realtime_call(RealtimeCall::system, "open");
    va_list arguments;
    va_start(arguments, flags);
    const auto mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_at(AT_FDCWD, path, flags, mode);
}

int open64(const char* path, int flags, ...) {
    note_realtime_call(RealtimeCall::system, "open64");
    va_list arguments;
    va_start(arguments, flags);
    const auto mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_at(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

int openat(int folder, const char* path, int flags, ...) {
    note_realtime_call(RealtimeCall::system, "openat");
    va_list arguments;
    va_start(arguments, flags);
    const auto mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_at(folder, path, flags, mode);
}

int openat64(int folder, const char* path, int flags, ...) {
    note_realtime_call(RealtimeCall::system, "openat64");
    va_list arguments;
    va_start(arguments, flags);
    const auto mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_at(folder, path, flags | O_LARGEFILE, mode);
}

// Programs compiled with _FORTIFY_SOURCE call this if they do not create a file.
int __open_2(const char* path, int flags) {
    note_realtime_call(RealtimeCall::system, "__open_2");
    return open_file(path, flags,
                     [&] { return next<"__open_2", int(const char*, int)>(path, flags); });
}

int __open64_2(const char* path, int flags) {
    note_realtime_call(RealtimeCall::system, "__open64_2");
    return open_file(path, flags,
                     [&] { return next<"__open64_2", int(const char*, int)>(path, flags); });
}

int __openat_2(int folder, const char* path, int flags) {
    note_realtime_call(RealtimeCall::system, "__openat_2");
    return open_file(path, flags, [&] {
        return next<"__openat_2", int(int, const char*, int)>(folder, path, flags);
    });
}

int __openat64_2(int folder, const char* path, int flags) {
    note_realtime_call(RealtimeCall::system, "__openat64_2");
    return open_file(path, flags, [&] {
        return next<"__openat64_2", int(int, const char*, int)>(folder, path, flags);
    });
}

FILE* fopen(const char* __restrict path, const char* __restrict mode) {
    note_realtime_call(RealtimeCall::system, "fopen");
    return open_stream<"fopen">(path, mode);
}

FILE* fopen64(const char* __restrict path, const char* __restrict mode) {
    note_realtime_call(RealtimeCall::system, "fopen64");
    return open_stream<"fopen64">(path, mode);
}

FILE* freopen(const char* __restrict path, const char* __restrict mode, FILE* __restrict stream) {
    note_realtime_call(RealtimeCall::system, "freopen");
    return open_stream_again<"freopen">(path, mode, stream);
}

FILE* freopen64(const char* __restrict path, const char* __restrict mode, FILE* __restrict stream) {
    note_realtime_call(RealtimeCall::system, "freopen64");
    return open_stream_again<"freopen64">(path, mode, stream);
}

}  // extern "C"
