// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/write.h"

#include <poll.h>
#include <unistd.h>
#include <cerrno>
#include <chrono>

#include "base/descriptor.h"
#include "base/error.h"
#include "base/real_time.h"

namespace patchpipe {

void wait_until_ready(int fd, short events) {
    pollfd polled{.fd = fd, .events = events, .revents = 0};
    real_poll(&polled, 1, std::chrono::milliseconds(-1));
}

bool write_some(int fd, std::string_view& bytes) {
    const auto written = repeated([&] { return ::write(fd, bytes.data(), bytes.size()); });
    if (written < 0 && errno == EAGAIN) return false;
    if (written < 0 && errno == EPIPE) throw ReaderGone{};
    if (written < 0) throw WriteFailed("standard output: " + system_message(errno));
    bytes.remove_prefix(static_cast<std::size_t>(written));
    return true;
}

void write_all(int fd, std::string_view bytes) {
    while (!bytes.empty())
        if (!write_some(fd, bytes)) wait_until_ready(fd, POLLOUT);
}

}  // namespace patchpipe
