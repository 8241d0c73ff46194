// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/waker.h"

#include <sys/eventfd.h>
#include <cerrno>

#include "base/error.h"

namespace patchpipe {

Waker::Waker() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (fd_.get() < 0) throw Error(ErrorKind::io, "eventfd", system_message(errno));
}

void Waker::wake() const { (void)!eventfd_write(fd_.get(), 1); }

void Waker::clear() const {
    eventfd_t count = 0;
    (void)!eventfd_read(fd_.get(), &count);
}

}  // namespace patchpipe
