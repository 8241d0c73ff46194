// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "shown/protection.h"

#include <sys/mman.h>
#include <atomic>
#include <cstddef>

#include "shown/next.h"
#include "shown/realtime_calls.h"

namespace {

std::atomic<bool> changed{false};

}  // namespace

namespace patchpipe {

bool protection_was_changed() { return changed; }
void forget_changed_protection() { changed = false; }

}  // namespace patchpipe

using namespace patchpipe;

extern "C" {

int mprotect(void* memory, std::size_t bytes, int protection) noexcept {
    note_realtime_call(RealtimeCall::system, "mprotect");
    changed = true;
    return patchpipe::next<"mprotect", int(void*, std::size_t, int)>(memory, bytes, protection);
}

int pkey_mprotect(void* memory, std::size_t bytes, int protection, int key) noexcept {
    note_realtime_call(RealtimeCall::system, "pkey_mprotect");
    changed = true;
    using Function = int(void*, std::size_t, int, int);
    return patchpipe::next<"pkey_mprotect", Function>(memory, bytes, protection, key);
}

}  // extern "C"
