// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "record/shared_stream.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>

#include "base/descriptor.h"
#include "base/error.h"
#include "base/real_time.h"

namespace patchpipe {
namespace {

// A job line is a few hundred bytes; looking further ahead only copies other workers' lines.
constexpr std::size_t look_ahead = 4096;
// For longer lines.
constexpr std::size_t longest_look = std::size_t{1} << 16;

bool is_file(int fd) {
    struct stat info {};
    return fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
}

[[noreturn]] void fail() { throw Error(ErrorKind::io, "standard input", system_message(errno)); }

template <typename Call>
std::size_t completed(Call call) {
    const auto result = repeated(call);
    if (result < 0) fail();
    return static_cast<std::size_t>(result);
}

bool has_no_writer(int fd) {
    pollfd polled{.fd = fd, .events = POLLIN, .revents = 0};
    return real_poll(&polled, 1, std::chrono::milliseconds(0)) > 0 && (polled.revents & POLLHUP);
}

// Gives our pipe the capacity of the other one, if the system allows it, so that its whole content
// can be looked at. Returns the capacity that our pipe has.
std::size_t make_as_large(int fd, int other) {
    const int wanted = fcntl(other, F_GETPIPE_SZ), size = fcntl(fd, F_GETPIPE_SZ);
    const int made = wanted > size ? fcntl(fd, F_SETPIPE_SZ, wanted) : wanted;
    return static_cast<std::size_t>(std::max(made < 0 ? size : made, 1));
}

bool ends_within_line(int fd, off_t end) {
    char last = '\n';
    return end > 0 && pread(fd, &last, 1, end - 1) == 1 && last != '\n';
}

}  // namespace

SharedLineReader::SharedLineReader(int fd)
    : fd_(fd),
      lock_(fd, StreamLock::Side::readers, "standard input"),
      is_file_(is_file(fd)),
      unshared_(fd, nowhere_) {
    if (!lock_.works() || is_file_) return;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) fail();
    look_in_ = Descriptor(ends[1]);
    look_out_ = Descriptor(ends[0]);
    capacity_ = make_as_large(look_in_.get(), lock_.stream());
}

std::optional<std::string> SharedLineReader::next() {
    cut_ = false;
    return !lock_.works() ? next_unshared() : is_file_ ? next_of_file() : next_of_pipe();
}

std::optional<std::string> SharedLineReader::next_unshared() {
    const auto line = unshared_.next();
    cut_ = unshared_.cut();
    return line ? std::optional<std::string>(*line) : std::nullopt;
}

// Moves the position that all workers share only once, when the whole line is known.
std::optional<std::string> SharedLineReader::next_of_file() {
    const auto held = lock_.hold();
    const auto begin = lseek(fd_, 0, SEEK_CUR);
    if (begin < 0) fail();
    std::string line;
    std::size_t size = 0;
    do {
        seen_.resize(size == 0 ? look_ahead : longest_look);
        const auto at = begin + static_cast<off_t>(size);
        seen_.resize(completed([&] { return pread(fd_, seen_.data(), seen_.size(), at); }));
    } while (!seen_.empty() && !add_to(line, size));
    if (size == 0) return {};
    if (lseek(fd_, begin + static_cast<off_t>(size), SEEK_SET) < 0) fail();
    return line;
}

// Appends the bytes of seen_ up to the newline to the line, and adds their number, with the
// newline, to used. Returns false if there is no newline.
bool SharedLineReader::add_to(std::string& line, std::size_t& used) {
    const auto newline = seen_.find('\n');
    const bool ends = newline != seen_.npos;
    const auto size = ends ? newline : seen_.size();
    const auto room = longest_line - std::min(line.size(), longest_line);
    cut_ = cut_ || size > room;
    line.append(seen_, 0, std::min(size, room));
    used += ends ? size + 1 : size;
    return ends;
}

std::optional<std::string> SharedLineReader::next_of_pipe() {
    for (;;) {
        {
            const auto held = lock_.hold();
            if (!look(look_ahead)) return {};
            if (seen_.size() == look_ahead && seen_.find('\n') == seen_.npos) look(capacity_);
            if (!seen_.empty() && !will_grow()) return take_line();
        }
        wait_for_more();
    }
}

// Copies at most that many bytes of the pipe into seen_ without taking them; none if none are there
// yet. Returns false at the end of the input.
bool SharedLineReader::look(std::size_t most) {
    seen_.clear();
    const auto size =
        repeated([&] { return tee(lock_.stream(), look_in_.get(), most, SPLICE_F_NONBLOCK); });
    if (size < 0 && errno == EAGAIN) return true;
    if (size < 0) fail();
    seen_.resize(static_cast<std::size_t>(size));
    read_all(look_out_.get());
    return size > 0;
}

// Returns false if a whole line was seen, or a part whose end cannot come until somebody takes the
// part: the pipe is full, or its writer has gone. A pipe is full by its pages, which may be half
// empty or less, so a part that has not grown for a second counts too.
bool SharedLineReader::will_grow() {
    if (seen_.find('\n') != seen_.npos) return false;
    if (seen_.size() >= capacity_ / 2 || has_no_writer(fd_)) return false;
    constexpr int second = 25;
    if (seen_.size() == std::exchange(part_, seen_.size())) return ++times_seen_ < second;
    times_seen_ = 0;
    return true;
}

// A pipe with a part of a line is always ready to read, so poll() cannot wait for its next byte:
// sleep.
void SharedLineReader::wait_for_more() {
    if (seen_.empty()) return wait_until_ready(fd_, POLLIN);
    real_sleep(std::chrono::milliseconds(std::min(1 << std::min(times_seen_, 6), 50)));
}

// Waits under the lock for the rest of a line that is longer than the pipe: another worker would
// read that rest as a line.
std::optional<std::string> SharedLineReader::take_line() {
    std::string line;
    for (;;) {
        std::size_t used = 0;
        const bool ends = add_to(line, used);
        seen_.resize(used);
        read_all(lock_.stream());
        if (ends) return line;
        bool more;
        while ((more = look(capacity_)) && seen_.empty()) wait_until_ready(fd_, POLLIN);
        if (!more) return line;
    }
}

// Fills seen_ with bytes that are there.
void SharedLineReader::read_all(int fd) {
    for (std::size_t got = 0; got < seen_.size();) {
        const auto size =
            repeated([&] { return read(fd, seen_.data() + got, seen_.size() - got); });
        if (size < 0 && errno != EAGAIN) fail();
        if (size <= 0)
            throw Error(ErrorKind::io, "standard input", "another program reads it too; end that");
        got += static_cast<std::size_t>(size);
    }
}

SharedLineWriter::SharedLineWriter(int fd, std::string name)
    : fd_(fd),
      name_(std::move(name)),
      lock_(fd, StreamLock::Side::writers, name_),
      is_file_(is_file(fd)),
      appends_((fcntl(fd, F_GETFL) & O_APPEND) != 0) {}

void SharedLineWriter::write(std::string_view line) {
    auto whole = std::string(line) + '\n';
    if (!lock_.works())
        write_all(fd_, whole, name_);
    else if (is_file_)
        add_to_file(std::move(whole));
    else if (whole.size() <= PIPE_BUF)
        write_at_once(whole);
    else
        write_in_child(whole);
}

void SharedLineWriter::add_to_file(std::string whole) {
    const auto held = lock_.hold();
    const auto begin = appends_ ? lseek(lock_.stream(), 0, SEEK_END) : lseek(fd_, 0, SEEK_CUR);
    if (begin != written_to_ && ends_within_line(lock_.stream(), begin)) whole.insert(0, 1, '\n');
    write_all(fd_, whole, name_);
    written_to_ = begin + static_cast<off_t>(whole.size());
}

// A write of at most PIPE_BUF bytes to a pipe is whole or does not happen.
void SharedLineWriter::write_at_once(std::string_view whole) {
    for (;; wait_until_ready(lock_.stream(), POLLOUT)) {
        const auto held = lock_.hold();
        if (write_some(lock_.stream(), whole, name_)) return;
    }
}

// A long line is written to a pipe in pieces, as its reader makes room. If the worker were killed
// meanwhile, nobody could end its line. So a child process writes the line; it does nothing else
// and outlives the worker. If the child is killed, the worker ends the line and writes it again.
void SharedLineWriter::write_in_child(std::string_view whole) {
    const auto held = lock_.hold();
    for (int tries = 0; tries < 2; ++tries) {
        const auto child = fork();
        if (child < 0) return write_all(lock_.stream(), whole, name_);
        if (child == 0) write_and_exit(whole);
        int status = 0;
        repeated([&] { return waitpid(child, &status, 0); });
        if (status == 0) return;
        write_all(lock_.stream(), "\n", name_);  // if it cannot, this says why
    }
    throw WriteFailed(name_ + ": a line could not be written as a whole");
}

// Signals that ask a worker to end are ignored until the line is finished.
void SharedLineWriter::write_and_exit(std::string_view whole) const {
    for (const int signal : {SIGHUP, SIGINT, SIGTERM}) std::signal(signal, SIG_IGN);
    const auto kept = static_cast<unsigned>(lock_.stream());
    close_range(0, kept - 1, 0);
    close_range(kept + 1, ~0U, 0);
    try {
        write_all(lock_.stream(), whole, name_);
    } catch (...) {
        _exit(1);
    }
    lock_.release();
    _exit(0);
}

}  // namespace patchpipe
