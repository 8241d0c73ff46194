// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/piece_writer.h"

#include <cerrno>
#include <utility>

#include "base/error.h"
#include "base/write.h"

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
    const int error = try_write_all(fd_, bytes);
    if (error == 0) return;
    gathered_.clear();
    throw Error(ErrorKind::io, name_,
                error == EPIPE ? "the reader went away" : system_message(error));
}

}  // namespace patchpipe
