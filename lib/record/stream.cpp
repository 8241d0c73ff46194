// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "record/stream.h"

#include <poll.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>

#include "base/descriptor.h"
#include "base/error.h"

namespace patchpipe {
namespace {

constexpr std::size_t piece_size = 1 << 16;

}  // namespace

std::string_view without_byte_order_mark(std::string_view text) {
    constexpr std::string_view mark = "\xef\xbb\xbf";
    return text.starts_with(mark) ? text.substr(mark.size()) : text;
}

void LineWriter::write(std::string_view line) {
    buffer_.reserve(buffer_.size() + line.size() + 1);  // all of the line or nothing
    buffer_ += line;
    buffer_ += '\n';
    if (buffer_.size() >= piece_size) flush();
}

void LineWriter::flush() {
    // Emptied first: a failed write is not tried again on the way out.
    std::string full;
    full.swap(buffer_);
    write_all(fd_, full, "standard output");
    full.clear();
    buffer_.swap(full);  // keeps the memory
}

void LineReader::detect_nul() {
    if (fill() && buffer_.find('\0') != buffer_.npos) line_end_ = '\0';
}

std::optional<std::string_view> LineReader::next() {
    cut_ = false;
    std::size_t searched = begin_;
    for (;;) {
        const auto newline = buffer_.find(line_end_, searched);
        if (newline != buffer_.npos) {
            cut_ = cut_ || newline - begin_ > longest_line;
            const auto size = std::min(newline - begin_, longest_line);
            const auto line = std::string_view(buffer_).substr(begin_, size);
            begin_ = newline + 1;
            return line;
        }
        const auto pending = buffer_.size() - begin_;
        if (pending > longest_line) {
            buffer_.resize(begin_ + longest_line);
            cut_ = true;
        }
        searched = buffer_.size();
        const auto before = begin_;
        if (!fill()) {
            if (begin_ == buffer_.size()) return {};
            const auto line = std::string_view(buffer_).substr(begin_);
            begin_ = buffer_.size();
            return line;
        }
        searched -= before - begin_;
    }
}

bool LineReader::fill() {
    if (ended_) return false;
    buffer_.erase(0, begin_);
    begin_ = 0;
    writer_.flush();
    const auto size = buffer_.size();
    buffer_.resize(size + piece_size);
    const auto read = [&] { return ::read(fd_, buffer_.data() + size, piece_size); };
    auto got = repeated(read);
    for (; got < 0 && errno == EAGAIN; got = repeated(read)) wait_until_ready(fd_, POLLIN);
    if (got < 0) throw Error(ErrorKind::io, "standard input", system_message(errno));
    buffer_.resize(size + static_cast<std::size_t>(got));
    ended_ = got == 0;
    return !ended_;
}

}  // namespace patchpipe
