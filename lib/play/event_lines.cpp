// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "play/event_lines.h"

#include <unistd.h>
#include <utility>

#include "base/descriptor.h"
#include "base/error.h"
#include "record/stream.h"

namespace patchpipe {
namespace {

constexpr std::size_t piece = 1 << 16;

}  // namespace

void EventLines::fill() {
    buffer_.erase(0, std::exchange(begin_, 0));
    if (buffer_.size() > longest_line) {
        buffer_.resize(longest_line);
        too_long_ = true;
    }
    const auto size = buffer_.size();
    buffer_.resize(size + piece);
    const auto got = repeated([&] { return ::read(fd_, buffer_.data() + size, piece); });
    const bool nothing_yet = got < 0 && errno == EAGAIN;
    if (got < 0 && !nothing_yet)
        throw Error(ErrorKind::io, "standard input", system_message(errno));
    buffer_.resize(size + static_cast<std::size_t>(nothing_yet ? 0 : got));
    ended_ = got == 0;
}

std::optional<std::string_view> EventLines::next() {
    const auto newline = buffer_.find('\n', begin_);
    const bool whole = newline != buffer_.npos;
    if (!whole && (!ended_ || begin_ == buffer_.size())) return {};
    const auto end = whole ? newline : buffer_.size();
    auto line = std::string_view(buffer_).substr(begin_, end - begin_);
    cut_ = std::exchange(too_long_, false);
    begin_ = whole ? newline + 1 : end;
    return line;
}

}  // namespace patchpipe
