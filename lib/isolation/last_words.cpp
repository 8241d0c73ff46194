// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/last_words.h"

#include <fcntl.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <iostream>
#include <string_view>

#include "base/error.h"
#include "base/utf8.h"
#include "base/words.h"

namespace patchpipe {
namespace {

constexpr std::size_t longest_tail = 4096;
constexpr std::size_t longest_text = 400;  // Qt's complaint about a missing display takes 340

// The part of the text before its last line, and that line; both without white space at the ends.
std::string_view take_last_line(std::string_view& text) {
    constexpr std::string_view white = " \t\r\n";
    text = text.substr(0, text.find_last_not_of(white) + 1);
    const auto begin = text.rfind('\n') + 1;  // 0 if there is no newline
    const auto line = text.substr(begin);
    text = text.substr(0, begin);
    return line.substr(std::min(line.find_first_not_of(white), line.size()));
}

// Tabs and the ends of lines are no danger to a terminal.
std::string safe_lines(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of("\t\n"), text.size());
        result += printable(text.substr(0, end));
        if (end < text.size()) result += text[end];
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return result;
}

std::string shortened(std::string_view line) {
    if (line.size() <= longest_text) return std::string(line);
    return std::string(cut_to(line, longest_text)) + "...";
}

}  // namespace

LastWords::LastWords(bool shown) : shown_(shown) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | (shown ? 0 : O_NONBLOCK)) != 0)
        throw Error(ErrorKind::io, "pipe", system_message(errno));
    reading_ = Descriptor(ends[0]);
    writing_ = Descriptor(ends[1]);
    (void)fcntl(reading_.get(), F_SETFL, O_NONBLOCK);
}

// No more than the pipe holds: the plug-in may print faster than we read.
void LastWords::listen() {
    std::array<char, 4096> piece;
    constexpr int pieces = 65536 / piece.size();
    for (int i = 0; i < pieces; ++i) {
        const auto size = read(reading_.get(), piece.data(), piece.size());
        if (size <= 0) break;
        tail_.append(piece.data(), static_cast<std::size_t>(size));
        if (shown_) show_lines();
        if (tail_.size() > longest_tail) tail_.erase(0, tail_.size() - longest_tail);
    }
}

// A line that is longer than what is kept is shown in parts.
void LastWords::show_lines() {
    auto end = tail_.rfind('\n');
    end = end == tail_.npos ? 0 : end + 1;
    if (end == 0 && tail_.size() >= longest_tail) end = tail_.size();
    std::cerr << safe_lines(std::string_view(tail_).substr(0, end)) << std::flush;
    tail_.erase(0, end);
}

void LastWords::finish() {
    listen();
    if (!shown_ || tail_.empty()) return;
    tail_ += '\n';
    show_lines();
}

void LastWords::forget() {
    listen();
    if (!shown_) tail_.clear();
}

std::string LastWords::text() const {
    if (shown_) return "";
    std::string_view rest = tail_;
    auto text = shortened(take_last_line(rest));
    while (!rest.empty()) {
        const auto line = take_last_line(rest);
        if (text.size() + 3 + line.size() > longest_text) break;
        text = std::string(line) + " / " + text;
    }
    return text;
}

}  // namespace patchpipe
