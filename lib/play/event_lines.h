// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lines of a stream that is waited for together with other things: unlike LineReader
// (record/stream.h), this waits only when it is told to read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patchpipe {

class EventLines {
 public:
    explicit EventLines(int fd) : fd_(fd) {}

    /// Reads once, which does not wait if poll() says that there is something. Throws Error io.
    void fill();

    /// The next line that has been read whole, without its newline, valid until the next fill();
    /// behind the end of the stream also a last one without a newline.
    [[nodiscard]] std::optional<std::string_view> next();

    /// True if the line that next() returned last was longer than longest_line, and cut there.
    [[nodiscard]] bool cut() const { return cut_; }

    /// True if the stream has ended. There may be lines left.
    [[nodiscard]] bool ended() const { return ended_; }

 private:
    int fd_;
    std::string buffer_;
    std::size_t begin_ = 0;
    bool ended_ = false, too_long_ = false, cut_ = false;
};

}  // namespace patchpipe
