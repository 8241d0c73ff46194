// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// SIGINT, SIGTERM and SIGHUP: as something to wait for, together with other things, and before
// that.
#pragma once

#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include "base/descriptor.h"

namespace patchpipe {

/// While it lives, the signals do nothing but make fd() readable. Threads that began before
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

/// While it lives, and no Interruption, the signals write last words and end this process with
/// status 0. A process that was forked from it goes on. At most one object may live.
class EndOnInterruption {
 public:
    EndOnInterruption(int fd, std::string words);
    ~EndOnInterruption();
    EndOnInterruption(const EndOnInterruption&) = delete;
    EndOnInterruption& operator=(const EndOnInterruption&) = delete;

 private:
    std::string words_;
    std::vector<std::pair<int, struct sigaction>> before_;  // by signal
};

}  // namespace patchpipe
