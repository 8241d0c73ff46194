// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "record/shared_stream.h"

#include <fcntl.h>
#include <sys/file.h>
#include <algorithm>
#include <cerrno>

#include "record/error.h"
#include "record/stream.h"

namespace patchpipe {
namespace {

// A job line is a few hundred bytes; looking further ahead only copies other workers' lines.
constexpr std::size_t look_ahead = 4096;

mode_t kind_of(int fd) {
    struct stat info {};
    return fstat(fd, &info) == 0 ? info.st_mode : 0;
}

bool may_be_shared(int fd) { return S_ISREG(kind_of(fd)) || S_ISFIFO(kind_of(fd)); }

// O_NONBLOCK: opening a FIFO whose other end has gone would wait for ever.
int open_again(int fd, int mode) {
    if (!may_be_shared(fd)) return -1;
    const auto path = "/proc/self/fd/" + std::to_string(fd);
    return open(path.c_str(), mode | O_NONBLOCK | O_CLOEXEC);
}

[[noreturn]] void fail() { throw Error(ErrorKind::io, "standard input", system_message(errno)); }

// Repeats a system call that a signal interrupted.
template <typename Call>
std::size_t completed(Call call) {
    ssize_t result;
    do result = call();
    while (result < 0 && errno == EINTR);
    if (result < 0) fail();
    return static_cast<std::size_t>(result);
}

}  // namespace

StreamLock::StreamLock(int fd, int mode) : lock_(open_again(fd, mode)) {}

StreamLock::Held::Held(int fd) : fd_(fd) {
    while (fd_ >= 0 && flock(fd_, LOCK_EX) != 0 && errno == EINTR) {
    }
}

StreamLock::Held::~Held() {
    if (fd_ >= 0) flock(fd_, LOCK_UN);
}

SharedLineReader::SharedLineReader(int fd) : fd_(fd), lock_(fd, O_RDONLY), kind_(Kind::unshared) {
    if (!lock_.works()) return;
    kind_ = S_ISREG(kind_of(fd)) ? Kind::file : Kind::pipe;
    if (kind_ == Kind::file) return;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) fail();
    peek_in_ = Descriptor(ends[1]);
    peek_out_ = Descriptor(ends[0]);
}

std::optional<std::string> SharedLineReader::next() {
    const auto held = lock_.hold();
    auto line = take_line();
    // No worker knows which line was the stream's first; no record begins with the mark.
    if (line) line->erase(0, line->size() - without_byte_order_mark(*line).size());
    return line;
}

std::optional<std::string> SharedLineReader::take_line() {
    std::string line;
    cut_ = false;
    for (;;) {
        const auto ahead = peek();
        if (ahead.empty()) return line.empty() ? std::nullopt : std::optional(line);
        const auto newline = ahead.find('\n');
        const auto part = ahead.substr(0, newline);
        const auto room = longest_line - std::min(line.size(), longest_line);
        cut_ = cut_ || part.size() > room;
        line += part.substr(0, room);
        take(newline == ahead.npos ? part.size() : part.size() + 1);
        if (newline != ahead.npos) return line;
    }
}

// What comes next, without taking it; waits for at least a byte. Empty at the end.
std::string_view SharedLineReader::peek() {
    if (kind_ == Kind::unshared && used_ < seen_.size())
        return std::string_view(seen_).substr(used_);
    seen_.resize(look_ahead);
    used_ = 0;
    std::size_t size = 0;
    switch (kind_) {
        case Kind::file: {
            const auto position = lseek(fd_, 0, SEEK_CUR);
            size = completed([&] { return pread(fd_, seen_.data(), look_ahead, position); });
            break;
        }
        case Kind::pipe:
            size = completed([&] { return tee(fd_, peek_in_.get(), look_ahead, 0); });
            if (size > 0)
                size = completed([&] { return read(peek_out_.get(), seen_.data(), size); });
            break;
        case Kind::unshared:
            size = completed([&] { return read(fd_, seen_.data(), look_ahead); });
            break;
    }
    seen_.resize(size);
    return seen_;
}

void SharedLineReader::take(std::size_t size) {
    switch (kind_) {
        case Kind::file:
            if (lseek(fd_, static_cast<off_t>(size), SEEK_CUR) < 0) fail();
            break;
        case Kind::pipe: {
            std::string taken(size, '\0');
            for (std::size_t got = 0; got < size;)
                got += completed([&] { return read(fd_, taken.data() + got, size - got); });
            break;
        }
        case Kind::unshared:
            used_ += size;
            break;
    }
}

SharedLineWriter::SharedLineWriter(int fd) : fd_(fd), lock_(fd, O_WRONLY) {}

void SharedLineWriter::write(std::string_view line) {
    const auto whole = std::string(line) + '\n';
    const auto held = lock_.hold();
    write_all(fd_, whole);
}

}  // namespace patchpipe
