// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/piece_writer.h"

#include <poll.h>
#include <unistd.h>
#include <cerrno>
#include <utility>

#include "base/error.h"

namespace patchpipe {
namespace {

// A smaller buffer would need more system calls, a larger one more pages that a forked child must
// copy first.
constexpr std::size_t piece = 1 << 14;

}  // namespace

PieceWriter::PieceWriter(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}

void PieceWriter::write(std::string_view bytes) {
    if (gathered_.empty()) gathered_.reserve(piece + bytes.size());
    gathered_ += bytes;
    if (gathered_.size() >= piece) flush();
}

void PieceWriter::flush() {
    write_now(gathered_);
    gathered_.clear();
}

void PieceWriter::write_now(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(fd_, bytes.data(), bytes.size());
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {
            // Another process has set the pipe to non-blocking.
            pollfd ready{.fd = fd_, .events = POLLOUT, .revents = 0};
            ::poll(&ready, 1, -1);
        } else if (errno != EINTR) {
            gathered_.clear();
            throw Error(ErrorKind::io, name_,
                        errno == EPIPE ? "the reader went away" : system_message(errno));
        }
    }
}

}  // namespace patchpipe
