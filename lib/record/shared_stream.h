// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Standard input and output that several processes share. Any number of workers may read one pipe,
// FIFO or file: each line goes to exactly one of them, the first that is free; and the lines that
// they write do not mix. Filters need none of this (stream.h).
#pragma once

#include <sys/stat.h>
#include <optional>
#include <string>
#include <string_view>

#include "record/descriptor.h"

namespace patchpipe {

/// Excludes the other processes that use the same pipe or file. flock() excludes by open file
/// description, which inherited descriptors share, so the lock is on a new one of the same inode.
class StreamLock {
 public:
    /// mode is O_RDONLY or O_WRONLY, as fd was opened. Without effect for what can be no common
    /// queue (a terminal, a socket) or cannot be opened again (another user's pipe).
    StreamLock(int fd, int mode);

    class Held {
     public:
        explicit Held(int fd);
        ~Held();
        Held(const Held&) = delete;
        Held& operator=(const Held&) = delete;

     private:
        int fd_;
    };
    [[nodiscard]] Held hold() const { return Held(lock_.get()); }
    [[nodiscard]] bool works() const { return lock_.get() >= 0; }

 private:
    Descriptor lock_;
};

/// Takes line after line, leaving what follows to the other readers.
class SharedLineReader {
 public:
    explicit SharedLineReader(int fd);

    /// The next line without its newline, at most longest_line bytes of it (stream.h); nothing at
    /// the end. Throws Error io.
    [[nodiscard]] std::optional<std::string> next();

    /// True if the line that next() gave last was cut at longest_line.
    [[nodiscard]] bool cut() const { return cut_; }

 private:
    enum class Kind { file, pipe, unshared };

    [[nodiscard]] std::optional<std::string> take_line();
    [[nodiscard]] std::string_view peek();
    void take(std::size_t size);

    int fd_;
    StreamLock lock_;
    Kind kind_;
    Descriptor peek_in_, peek_out_;  // a pipe of our own that tee(2) copies into
    std::string seen_;
    std::size_t used_ = 0;  // of seen_, unshared only
    bool cut_ = false;
};

/// Writes a line as a whole, with its newline. Throws ReaderGone or WriteFailed (stream.h).
class SharedLineWriter {
 public:
    explicit SharedLineWriter(int fd);
    void write(std::string_view line);

 private:
    int fd_;
    StreamLock lock_;
};

}  // namespace patchpipe
