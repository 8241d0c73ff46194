// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// While it lives, what is written to standard error is lost: sound libraries print there what they
// tried in vain, whatever one asks them.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include "base/descriptor.h"

namespace patchpipe {

class QuietStderr {
 public:
    QuietStderr() : kept_(fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)) {
        const Descriptor null(open("/dev/null", O_WRONLY | O_CLOEXEC));
        if (kept_.get() >= 0 && null.get() >= 0) dup2(null.get(), STDERR_FILENO);
    }
    ~QuietStderr() {
        if (kept_.get() >= 0) dup2(kept_.get(), STDERR_FILENO);
    }
    QuietStderr(const QuietStderr&) = delete;
    QuietStderr& operator=(const QuietStderr&) = delete;

 private:
    Descriptor kept_;
};

}  // namespace patchpipe
