// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Standard input and output that several processes share. Any number of workers may read one pipe,
// FIFO or file: each line goes to exactly one of them, the first that is free; and the lines that
// they write do not mix. Filters need none of this (stream.h).
//
// A worker holds a lock (stream_lock.h) only for steps that do not wait, so that a worker that is
// stopped or waits does not stop the others. There are two exceptions: a job line that does not fit
// into its pipe, whose beginning a worker must take before the end is there; and a result line
// longer than PIPE_BUF, which is written to a pipe in pieces.
#pragma once

#include <sys/types.h>
#include <optional>
#include <string>
#include <string_view>

#include "base/descriptor.h"
#include "record/stream.h"
#include "record/stream_lock.h"

namespace patchpipe {

/// Takes one line at a time and leaves the rest to the other readers. A line is taken from a file
/// or a pipe in one step. If a worker is killed while it takes a line longer than the pipe, the
/// next worker reads the rest as a line.
class SharedLineReader {
 public:
    /// Throws UsageError if other processes may read the stream too and it cannot be locked.
    explicit SharedLineReader(int fd);

    /// The next line without its newline, at most longest_line bytes of it (stream.h); nothing at
    /// the end. Throws Error io.
    [[nodiscard]] std::optional<std::string> next();

    /// True if the line that next() returned last was cut at longest_line.
    [[nodiscard]] bool cut() const { return cut_; }

 private:
    using Line = std::optional<std::string>;

    [[nodiscard]] Line next_of_file();
    [[nodiscard]] Line next_of_pipe();
    [[nodiscard]] Line next_unshared();
    [[nodiscard]] Line take_line();
    bool look(std::size_t most);
    [[nodiscard]] bool will_grow();
    void wait_for_more();
    bool add_to(std::string& line, std::size_t& used);
    void read_all(int fd);

    int fd_;
    StreamLock lock_;
    bool is_file_ = false;
    Descriptor look_in_, look_out_;  // a pipe of our own that tee(2) copies into
    std::size_t capacity_ = 0;       // of the pipe
    std::string seen_;               // what was looked at last
    std::size_t part_ = 0;  // of a line, as long when it was looked at before, so many times
    int times_seen_ = 0;
    LineWriter nowhere_{-1};
    LineReader unshared_;
    bool cut_ = false;
};

/// Writes whole lines. If the file ends within a line, because another process was killed or the
/// disk was full, it ends that line first.
class SharedLineWriter {
 public:
    /// Throws UsageError if other processes may write the stream too and it cannot be locked. name
    /// is for messages.
    SharedLineWriter(int fd, std::string name);

    /// Throws ReaderGone or WriteFailed (base/write.h), and Error io if locking fails.
    void write(std::string_view line);

 private:
    void add_to_file(std::string whole);
    void write_at_once(std::string_view whole);
    void write_in_child(std::string_view whole);
    [[noreturn]] void write_and_exit(std::string_view whole) const;

    int fd_;
    std::string name_;
    StreamLock lock_;
    bool is_file_ = false, appends_ = false;
    off_t written_to_ = 0;  // where the last line that this wrote ends
};

}  // namespace patchpipe
