// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A copy of this process that sleeps: it keeps the memory as it was when it was made.
#pragma once

#include <sys/types.h>
#include <array>
#include <atomic>

#include "isolation/page_tracker.h"

namespace patchpipe {

/// An object must live in shared memory, and no function allocates. The copy is a child of this
/// process's parent, whose Orphans (orphans.h) end it; the kernel does when that parent ends.
class Keeper {
 public:
    /// Makes the copy, and waits for it. False if that cannot be done, or its memory may not be
    /// read.
    [[nodiscard]] bool start();

    /// False if the copy is gone, or this process may not read it any more: a plug-in has put a
    /// sandbox around the process.
    [[nodiscard]] bool is_readable() const;

    /// Copies what the range had in it then to `to`. False if the copy is gone.
    [[nodiscard]] bool read(Range range, char* to) const;

 private:
    pid_t pid_, original_, parent_;
    std::atomic<bool> ready_;
    alignas(16) std::array<char, 16384> stack_;  // in the copy's own memory it would change that

    static int sleep_for_ever(void* keeper);
};

}  // namespace patchpipe
