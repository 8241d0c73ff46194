// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A folder of our own below TMPDIR, which goes away with everything in it, also on Ctrl-C.
#pragma once

#include <csignal>
#include <string>

#include "record/descriptor.h"

namespace patchpipe {

/// While there is one, SIGHUP, SIGINT and SIGTERM wait, unless they are ignored; they do their work
/// when it has gone. Keep it short, and give up early when one waits. For one thread.
class TemporaryFolder {
 public:
    /// Throws Error io.
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }

    /// Is readable as long as a signal waits; leave it unread.
    [[nodiscard]] int interruption_fd() const { return interruption_.get(); }

    /// In a child made by fork(), before exec: the signals are what they were.
    void release_signals() const;

 private:
    std::string path_;
    sigset_t mask_before_{};
    Descriptor interruption_;
};

}  // namespace patchpipe
