// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Locks on a pipe, a FIFO or a file that several processes share: one for its readers, one for its
// writers. Not here: what is done under them (shared_stream.h).
//
// They are byte-range locks of open file descriptions (F_OFD_SETLK), on two bytes far behind all
// data. On Linux 6 they were found to work on pipes, FIFOs and files. Notes:
// - They are not what flock(1) sets. A script may lock the file that it gives to its workers.
// - There are two. A pipe between two workers is one inode: with one lock the reader would wait for
//   data while the writer waits for the lock.
// - The kernel drops them when the process ends, whatever ends it, and no file is left behind, as a
//   lock file would be. A lock file would also need a folder that all workers see.
// - A write lock needs a descriptor that is open for writing. A reader of a pipe must not open one:
//   the pipe would not end then. So a reader sets a read lock, which never excludes another one,
//   and then asks whether a write lock would be refused (F_OFD_GETLK). If so, another reader has
//   done the same: it gives up its read lock and tries again after a random pause. Two may both
//   give up, but never both go on. flock(LOCK_EX) has the same need on NFS, where the kernel makes
//   a write lock of it.
// - Old kernels and some sandboxes do not know them. There flock() is the lock, for both sides.
#pragma once

#include <string>

#include "base/descriptor.h"

namespace patchpipe {

class StreamLock {
 public:
    enum class Side { readers, writers };

    /// fd is the stream as it was inherited. Other processes may have inherited the same open file
    /// description, and such locks exclude by description, so this opens a new one of its inode.
    /// Without effect for a stream that cannot be a shared queue (a terminal, a socket) or cannot
    /// be opened again (another user's pipe). Throws UsageError if the stream's file system has no
    /// lock. name is the stream's, for messages.
    StreamLock(int fd, Side side, std::string name);

    class Held {
     public:
        explicit Held(const StreamLock& lock) : lock_(lock) {}
        ~Held() { lock_.release(); }
        Held(const Held&) = delete;
        Held& operator=(const Held&) = delete;

     private:
        const StreamLock& lock_;
    };

    /// Waits for the lock. Throws Error io if locking fails, though it worked in the constructor.
    [[nodiscard]] Held hold() const;

    /// Gives up the lock for a process that was forked while this one held it, and for this one.
    void release() const;

    [[nodiscard]] bool works() const { return stream_.get() >= 0; }

    /// The new description of the stream, with O_NONBLOCK and a position of its own; -1 if there is
    /// none. For writers it is open for reading too if the stream is a file that allows it.
    [[nodiscard]] int stream() const { return stream_.get(); }

 private:
    enum class Kind { range, whole };

    [[nodiscard]] bool try_to_hold(bool wait) const;

    Side side_;
    std::string name_;
    Kind kind_ = Kind::range;
    Descriptor stream_;
};

}  // namespace patchpipe
