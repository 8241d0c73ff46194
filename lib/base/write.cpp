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
namespace {

// Writes some of the bytes and removes them from bytes. Returns the errno of a failure, or 0.
int take_written(int fd, std::string_view& bytes) {
    const auto written = repeated([&] { return ::write(fd, bytes.data(), bytes.size()); });
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
    return 0;
}

}  // namespace

void wait_until_ready(int fd, short events) {
    pollfd polled{.fd = fd, .events = events, .revents = 0};
    real_poll(&polled, 1, std::chrono::milliseconds(-1));
}

bool write_some(int fd, std::string_view& bytes, std::string_view name) {
    const int error = take_written(fd, bytes);
    if (error == EPIPE) throw ReaderGone{};
    if (error != 0 && error != EAGAIN)
        throw WriteFailed(std::string(name) + ": " + system_message(error));
    return error == 0;
}

void write_all(int fd, std::string_view bytes, std::string_view name) {
    while (!bytes.empty())
        if (!write_some(fd, bytes, name)) wait_until_ready(fd, POLLOUT);
}

int try_write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const int error = take_written(fd, bytes);
        if (error == EAGAIN)
            wait_until_ready(fd, POLLOUT);
        else if (error != 0)
            return error;
    }
    return 0;
}

}  // namespace patchpipe
