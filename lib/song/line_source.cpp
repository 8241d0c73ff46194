// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/line_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "file/output.h"
#include "file/pipe_copy.h"

namespace patchpipe {
namespace {

constexpr std::size_t read_size = std::size_t{1} << 18;

[[noreturn]] void fail(const std::string& name, int error_number) {
    const bool missing = error_number == ENOENT || error_number == ENOTDIR;
    throw Error(missing ? ErrorKind::not_found : ErrorKind::io, name, system_message(error_number));
}

// Reads at a place of the file, or where the descriptor is if offset is negative.
std::size_t read_some(int fd, const std::string& name, char* bytes, std::size_t size,
                      std::int64_t offset) {
    const auto got = repeated(
        [&] { return offset < 0 ? ::read(fd, bytes, size) : ::pread(fd, bytes, size, offset); });
    if (got < 0) fail(name, errno);
    return static_cast<std::size_t>(got);
}

// Who has no song says so with /dev/null.
bool is_null_device(const struct stat& info) {
    return S_ISCHR(info.st_mode) && info.st_rdev == makedev(1, 3);
}

Descriptor open_source(const std::string& path, const std::string& name) {
    const auto input = input_path(path);
    auto file = open_to_read(input);
    struct stat info {};
    if (file.get() < 0 || ::fstat(file.get(), &info) != 0) fail(name, errno);
    if (S_ISDIR(info.st_mode)) fail(name, EISDIR);
    // Standard input may be a file that is read from its middle on.
    if (path == "-" || S_ISFIFO(info.st_mode)) return copy_pipe(file.get(), input, name);
    if (S_ISREG(info.st_mode) || is_null_device(info)) return file;
    refuse_unsupported(name, "is neither a file nor a pipe; name a file");
}

}  // namespace

LineSource::LineSource(const std::string& path)
    : name_(input_name(path)), file_(open_source(path, name_)) {}

// Keeps the bytes from begin_ on, and reads more behind them.
void LineSource::fill() {
    buffer_.erase(0, begin_);
    offset_ += static_cast<std::int64_t>(begin_);
    newline_ -= begin_;
    begin_ = 0;
    const auto size = buffer_.size();
    buffer_.resize(size + read_size);
    const auto got = read_some(file_.get(), name_, buffer_.data() + size, read_size,
                               offset_ + static_cast<std::int64_t>(size));
    buffer_.resize(size + got);
    ended_ = got == 0;
    has_returns_ = buffer_.find('\r') != buffer_.npos;
}

// Where the line ends in the buffer: at "\n", "\r" or the buffer's end. The next "\n" is
// remembered, since a file whose lines end in "\r" has none.
std::size_t LineSource::find_end() {
    if (newline_ < begin_ || newline_ >= buffer_.size() || buffer_[newline_] != '\n')
        newline_ = std::min(buffer_.find('\n', std::max(newline_, begin_)), buffer_.size());
    if (!has_returns_) return newline_;
    const auto* const found =
        static_cast<const char*>(std::memchr(buffer_.data() + begin_, '\r', newline_ - begin_));
    return found == nullptr ? newline_ : static_cast<std::size_t>(found - buffer_.data());
}

std::size_t LineSource::length_of_end(std::size_t end) {
    if (end == buffer_.size()) return 0;
    return buffer_.compare(end, 2, "\r\n") == 0 ? 2 : 1;
}

std::optional<SourceLine> LineSource::next() {
    auto end = find_end();
    // A "\r" at the end of the buffer may be half of "\r\n".
    while (end + 1 >= buffer_.size() && !ended_ && end - begin_ < longest_piece) {
        fill();
        end = find_end();
    }
    if (end == begin_ && end == buffer_.size()) return {};
    const bool cut = end - begin_ > longest_piece || (end == buffer_.size() && !ended_);
    if (cut) end = std::min(end, begin_ + longest_piece);
    const std::string_view bytes = buffer_;
    SourceLine line{.text = bytes.substr(begin_, end - begin_),
                    .end = bytes.substr(end, cut ? 0 : length_of_end(end)),
                    .number = line_,
                    .piece = cut || within_line_};
    begin_ = end + line.end.size();
    within_line_ = cut;
    if (!cut) ++line_;
    return line;
}

void LineSource::go_to(const Place& place) {
    const auto within = place.offset - offset_;
    if (within >= 0 && within <= static_cast<std::int64_t>(buffer_.size())) {
        begin_ = static_cast<std::size_t>(within);
        newline_ = begin_;
    } else {
        buffer_.clear();
        begin_ = newline_ = 0;
        offset_ = place.offset;
        ended_ = false;
    }
    line_ = place.line;
    within_line_ = place.within_line;
}

std::string LineSource::head(std::size_t most) const {
    std::string bytes(most, '\0');
    std::size_t size = 0;
    while (const auto got = read_some(file_.get(), name_, bytes.data() + size, most - size,
                                      static_cast<std::int64_t>(size)))
        size += got;
    bytes.resize(size);
    return bytes;
}

std::uint64_t LineSource::size() const {
    struct stat info {};
    if (fstat(file_.get(), &info) != 0) throw Error(ErrorKind::io, name_, system_message(errno));
    return static_cast<std::uint64_t>(info.st_size);
}

std::string LineSource::bytes(std::size_t largest) const {
    if (size() > largest)
        refuse_unsupported(name_, "has more than " + std::to_string(largest) +
                                      " bytes, the most for such a file; name another one");
    return head(size());
}

}  // namespace patchpipe
