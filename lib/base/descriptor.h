// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A file descriptor that is closed with its owner, and calls on one that a signal may interrupt.
#pragma once

#include <unistd.h>
#include <cerrno>
#include <utility>

namespace patchpipe {

class Descriptor {
 public:
    Descriptor() = default;
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Descriptor() {
        if (fd_ >= 0) close(fd_);
    }

    /// -1 if this owns no descriptor.
    [[nodiscard]] int get() const { return fd_; }

    /// Gives up the descriptor, which stays open, and returns it.
    int release() { return std::exchange(fd_, -1); }

 private:
    int fd_ = -1;
};

/// Makes a system call, again if a signal interrupted it, and returns its result.
template <typename Call>
auto repeated(Call call) {
    auto result = call();
    while (result < 0 && errno == EINTR) result = call();
    return result;
}

}  // namespace patchpipe
