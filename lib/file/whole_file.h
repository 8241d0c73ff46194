// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A file that appears whole or not at all. Not here: reading (file/read_file.h) and the contents.
#pragma once

#include <sys/types.h>
#include <optional>
#include <string>
#include <string_view>

#include "base/real_time.h"

namespace patchpipe {

/// Whether commit() waits until the bytes are on the disk.
enum class Sync { none, first };

/// An output file that nobody sees before commit(). Until then it has no name if the file system
/// allows that (O_TMPFILE), else a temporary name beside the target. An existing target stays as it
/// was. Destroyed without commit(), it leaves nothing behind.
///
/// An existing target that is not a regular file (a FIFO, a device) is written straight, and so is
/// one that names an open descriptor (/dev/stdout, /dev/stderr, /dev/fd/N, /proc/self/fd/N): every
/// write() reaches it at once, and commit() only checks. Opening a FIFO waits for its reader. A
/// symbolic link stays, and the file that it leads to is replaced. A link to a descriptor is
/// refused, because a descriptor's number is valid in one process only.
class WholeFile {
 public:
    /// Makes missing folders and opens the file, readable and writable unless it is written
    /// straight. Throws Error io with the path and the reason; a name that commit() could not
    /// create is refused here, before the work. Waits for the reader of a FIFO until the deadline,
    /// if there is one, then throws Error io.
    using Deadline = RealClock::time_point;
    explicit WholeFile(std::string path, std::optional<Deadline> deadline = {});
    ~WholeFile();
    WholeFile(const WholeFile&) = delete;
    WholeFile& operator=(const WholeFile&) = delete;

    /// This object keeps owning it. A child made by fork() may write to it before the parent
    /// commits.
    [[nodiscard]] int fd() const { return fd_; }

    /// True if every write() reaches the target at once, so that it cannot be undone or sought in.
    [[nodiscard]] bool straight() const { return straight_; }

    /// Gives the file the permissions of the file that it replaces. Without this, or if it replaces
    /// none, it has those of any new file. Throws Error io.
    void keep_mode() const;

    /// Writes all bytes, after those written before. Throws Error io. SIGPIPE must be ignored.
    void write(std::string_view bytes);

    /// Gives the file its name and closes it. Call it once, last. If it throws Error io, the target
    /// is unchanged. With Sync::first the bytes are on the disk before the file has its name, so
    /// that a power failure leaves either the whole new file or the old one.
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

    std::string path_;            // as given, for messages
    std::string target_;          // where symbolic links lead
    std::string folder_;          // of the target
    std::string temporary_;       // the temporary name, if it has one
    std::optional<mode_t> mode_;  // permissions of the file that is replaced
    bool straight_ = false;
    int fd_ = -1;
};

/// The number of the open descriptor that a path names: /dev/stdout, /dev/stderr, /dev/fd/N and
/// /proc/self/fd/N. Nothing for any other path.
[[nodiscard]] std::optional<int> named_descriptor(std::string_view path);

/// True if both paths lead to one regular file, by links of any kind.
[[nodiscard]] bool same_regular_file(const std::string& one, const std::string& other);

/// Writes the bytes as a whole file. Throws Error io.
void write_whole_file(const std::string& path, std::string_view bytes);

}  // namespace patchpipe
