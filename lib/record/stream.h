// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lines in and lines out over file descriptors: standard input and output of the tools.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/write.h"

namespace patchpipe {

/// A line longer than this is not read into memory: it is cut there and the rest is dropped.
inline constexpr std::size_t longest_line = std::size_t{64} << 20;

/// The text without the UTF-8 byte order mark that Windows programs put before it.
[[nodiscard]] std::string_view without_byte_order_mark(std::string_view text);

/// Collects lines for standard output and writes them in large pieces.
class LineWriter {
 public:
    explicit LineWriter(int fd) : fd_(fd) {}

    /// Adds the newline. Throws ReaderGone or WriteFailed.
    void write(std::string_view line);
    /// Writes the lines collected so far. Throws ReaderGone or WriteFailed.
    void flush();

 private:
    int fd_;
    std::string buffer_;
};

/// Reads lines of any length up to longest_line. A last line without a newline counts.
class LineReader {
 public:
    /// Before it waits for more input it flushes the writer, so that no record sits in a buffer
    /// while the next one is awaited.
    LineReader(int fd, LineWriter& writer) : fd_(fd), writer_(writer) {}

    /// Waits for a first piece of input. If it has a NUL, as the output of find -print0 does, lines
    /// end at NULs from here on and may contain newlines. Throws Error io.
    void detect_nul();

    /// The next line without its newline, valid until the next call. Throws Error io.
    std::optional<std::string_view> next();

    /// True if the line that next() returned last was cut at longest_line.
    [[nodiscard]] bool cut() const { return cut_; }

 private:
    bool fill();

    int fd_;
    LineWriter& writer_;
    std::string buffer_;
    std::size_t begin_ = 0;
    char line_end_ = '\n';
    bool ended_ = false;
    bool cut_ = false;
};

}  // namespace patchpipe
