// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writing to a descriptor, all of it, and waiting for one.
#pragma once

#include <stdexcept>
#include <string_view>

namespace patchpipe {

/// The reader of our output went away: not an error, only a reason to stop.
class ReaderGone {};

/// Output could not be written; what() says why. Exit status 3.
class WriteFailed : public std::runtime_error {
 public:
    using std::runtime_error::runtime_error;
};

/// Waits until a descriptor can be read (POLLIN) or written (POLLOUT), or has failed: for a
/// descriptor in non-blocking mode, which another program that shares it may have set.
void wait_until_ready(int fd, short events);

/// Writes some of the bytes and removes them from bytes. Returns false if the descriptor is
/// non-blocking and has no room now. Throws ReaderGone or WriteFailed; name is for the message.
bool write_some(int fd, std::string_view& bytes, std::string_view name);

/// Writes all of it, going on after signals and short writes. Throws as write_some() does.
void write_all(int fd, std::string_view bytes, std::string_view name);

/// The same without exceptions: returns the errno of the write that failed, or 0.
[[nodiscard]] int try_write_all(int fd, std::string_view bytes);

}  // namespace patchpipe
