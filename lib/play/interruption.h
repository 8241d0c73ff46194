// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// SIGINT and SIGTERM as something to wait for, together with other things.
#pragma once

#include <csignal>

#include "base/descriptor.h"

namespace patchpipe {

/// While it lives, the two signals do nothing but make fd() readable. Threads that began before
/// would still take them.
class Interruption {
 public:
    Interruption();  ///< throws Error io
    ~Interruption();
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;

    [[nodiscard]] int fd() const { return fd_.get(); }

 private:
    sigset_t signals_{}, before_{};
    Descriptor fd_;
};

}  // namespace patchpipe
