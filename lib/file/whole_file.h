// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A file that appears whole or not at all. Not here: reading (file/read_file.h), and what is
// written.
#pragma once

#include <sys/types.h>
#include <optional>
#include <string>
#include <string_view>

#include "base/real_time.h"

namespace patchpipe {

/// Whether a file is waited for until it is on the disk.
enum class Sync { none, first };

/// An output file that nobody sees before commit(). Until then it has no name where the file system
/// allows that (O_TMPFILE), else a temporary one beside the target; a file of that name stays as it
/// was. Destroyed without commit(), it leaves nothing.
///
/// A target that is there and is no regular file (a FIFO, a device), and one that names an open
/// descriptor (/dev/stdout, /dev/stderr, /dev/fd/N, /proc/self/fd/N), is written straight: what has
/// been written is out, and commit() only checks. Opening a FIFO waits for its reader. A symbolic
/// link stays, and the file that it leads to is replaced; one that leads to a descriptor is
/// refused, for the numbers of descriptors mean something to one process only.
class WholeFile {
 public:
    /// Makes missing folders and opens the file, readable and writable unless it is written
    /// straight. Throws Error io with the path and the reason. A name that could not be made in the
    /// end is refused here and not after the work.
    /// A FIFO is waited for until the deadline, if there is one, and is an Error io then.
    using Deadline = RealClock::time_point;
    explicit WholeFile(std::string path, std::optional<Deadline> deadline = {});
    ~WholeFile();
    WholeFile(const WholeFile&) = delete;
    WholeFile& operator=(const WholeFile&) = delete;

    /// Stays this object's; a child made by fork() may write to it while the parent commits.
    [[nodiscard]] int fd() const { return fd_; }

    /// True if what is written is out at once, and there is no going back in it.
    [[nodiscard]] bool straight() const { return straight_; }

    /// Gives the file the permissions of the one that it replaces, if there is one; else it has
    /// those of any new file. Throws Error io.
    void keep_mode() const;

    /// All of it, after what was written before. Throws Error io. SIGPIPE must be ignored.
    void write(std::string_view bytes);

    /// Gives the file its name and closes it; call it once, as the last thing. Throws Error io, and
    /// the target is then what it was before. With Sync::first the bytes are on the disk before the
    /// name is there: after a power failure there is the whole file or what was there before.
    void commit(Sync sync = Sync::none);

 private:
    void refuse_descriptor() const;
    void open_straight();
    void open_fifo(Deadline deadline);
    [[nodiscard]] bool try_open();  // errno says why not
    void open_temporary();
    void make_folder() const;
    void link_unnamed();
    void check_written() const;
    void wait_for_disk() const;
    [[noreturn]] void fail(int error_number) const;

    std::string path_;            // as given: it stands in messages
    std::string target_;          // where symbolic links lead
    std::string folder_;          // of the target
    std::string temporary_;       // the name beside the target, if there is one
    std::optional<mode_t> mode_;  // permissions of the file that is replaced
    bool straight_ = false;
    int fd_ = -1;
};

/// The number of the open descriptor that a path names: /dev/stdout, /dev/stderr, /dev/fd/N and
/// /proc/self/fd/N. Nothing for any other path.
[[nodiscard]] std::optional<int> named_descriptor(std::string_view path);

/// The bytes as a whole file in one go. Throws Error io.
void write_whole_file(const std::string& path, std::string_view bytes);

}  // namespace patchpipe
