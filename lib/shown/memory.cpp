// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "shown/memory.h"

#include <malloc.h>
#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/sanitized.h"
#include "base/tunables.h"
#include "shown/realtime_calls.h"

namespace {

bool zeroing = false;

}  // namespace

namespace patchpipe {

// hugetlb asks for huge pages, which need blocks that lie together, so no block below 32 MB gets a
// mapping of its own. The per-thread cache is off because calloc(), which zeroes for us, does not
// use it.
void tune_malloc() {
    add_tunables(
        "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=33554432:glibc.malloc.tcache_count=0");
}

void zero_new_memory() {
    const char* tunables = std::getenv("GLIBC_TUNABLES");
    zeroing = !tunables || !std::strstr(tunables, "glibc.malloc.perturb");
}

}  // namespace patchpipe

// The sanitizers have a malloc() of their own, which fills memory too.
#ifndef PATCHPIPE_SANITIZED

using namespace patchpipe;

extern "C" {

// glibc's own functions, by names under which a replacement of malloc() can call them.
void* __libc_malloc(std::size_t bytes);
void* __libc_calloc(std::size_t count, std::size_t bytes);
void* __libc_realloc(void* memory, std::size_t bytes);
void* __libc_memalign(std::size_t alignment, std::size_t bytes);
void* __libc_valloc(std::size_t bytes);
void* __libc_pvalloc(std::size_t bytes);
}

namespace {

void* zeroed_from(std::size_t offset, void* memory) {
    const auto size = zeroing && memory ? malloc_usable_size(memory) : 0;
    if (size > offset) std::memset(static_cast<char*>(memory) + offset, 0, size - offset);
    return memory;
}

// calloc() knows which memory is fresh from the kernel, and does not zero it again.
void* take(std::size_t bytes) { return zeroing ? __libc_calloc(1, bytes) : __libc_malloc(bytes); }

void* take_aligned(std::size_t alignment, std::size_t bytes) {
    return zeroed_from(0, __libc_memalign(alignment, bytes));
}

}  // namespace

extern "C" {

void* malloc(std::size_t bytes) noexcept {
    note_realtime_call(RealtimeCall::allocation, "malloc");
    return take(bytes);
}

void* realloc(void* memory, std::size_t bytes) noexcept {
    note_realtime_call(RealtimeCall::allocation, "realloc");
    if (!memory) return take(bytes);
    const auto size = zeroing ? malloc_usable_size(memory) : 0;
    return zeroed_from(size, __libc_realloc(memory, bytes));
}

void* memalign(std::size_t alignment, std::size_t bytes) noexcept {
    note_realtime_call(RealtimeCall::allocation, "memalign");
    return take_aligned(alignment, bytes);
}

void* aligned_alloc(std::size_t alignment, std::size_t bytes) noexcept {
    note_realtime_call(RealtimeCall::allocation, "aligned_alloc");
    return take_aligned(alignment, bytes);
}

int posix_memalign(void** memory, std::size_t alignment, std::size_t bytes) noexcept {
    note_realtime_call(RealtimeCall::allocation, "posix_memalign");
    if (alignment % sizeof(void*) != 0 || !std::has_single_bit(alignment)) return EINVAL;
    void* const taken = take_aligned(alignment, bytes);
    if (!taken) return ENOMEM;
    *memory = taken;
    return 0;
}

void* valloc(std::size_t bytes) noexcept {
    note_realtime_call(RealtimeCall::allocation, "valloc");
    return zeroed_from(0, __libc_valloc(bytes));
}

void* pvalloc(std::size_t bytes) noexcept {
    note_realtime_call(RealtimeCall::allocation, "pvalloc");
    return zeroed_from(0, __libc_pvalloc(bytes));
}
}

#endif
