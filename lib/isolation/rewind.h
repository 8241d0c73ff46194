// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Puts this process back to an earlier moment, as if it were a child that was forked then: its
// memory, and what the kernel keeps of it. That takes a tenth of the time of a fork and a child's
// end, which grow with the number of mappings. page_tracker.h says on which kernels.
#pragma once

#include <span>

#include "isolation/page_tracker.h"

namespace patchpipe {

/// What others use too.
struct Shared {
    std::span<const int> own;        ///< descriptors of the caller, at most 8
    std::span<const int> inherited;  ///< those that the process was started with, at most 64
    std::span<const Range> memory;   ///< mappings of the caller, at most 4
};

class Rewind {
 public:
    /// The only one of this process, for which it is never destroyed. It sets aside addresses far
    /// from those that the process gets otherwise. What the caller shares with other processes
    /// stays as it is. Null if these addresses are taken, or if the build has sanitizers, which
    /// keep notes of all memory.
    [[nodiscard]] static Rewind* make(const Shared& shared);

    /// Marks this moment. Returns true, and again with each put_back(). Returns false if the kernel
    /// cannot, or the process has something that it could not put back: other threads, shared
    /// memory that it may write, devices. The process can go on then, and is as it was but for some
    /// descriptors, and a second process that its parent has to end.
    ///
    /// The caller's frame must still be there at put_back(). Variables have the values that they
    /// had at the first return.
    [[nodiscard]] virtual bool mark() = 0;

    /// Goes back to mark(). Ends the process, with status 0, if it cannot be put back: it left a
    /// thread or a child, closed a file, or mapped or wrote to too much.
    /// Protections of memory are looked at only if they may have changed, or if sizes did.
    [[noreturn]] virtual void put_back(bool protection_changed) = 0;

    /// Ends the process with status 0, since it cannot be put back. why follows "the plug-in".
    [[noreturn]] virtual void end(const char* why) const = 0;

 protected:
    ~Rewind() = default;
};

}  // namespace patchpipe
