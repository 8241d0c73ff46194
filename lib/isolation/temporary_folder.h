// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A folder that is removed with all its contents.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>
#include <cstdint>
#include <ctime>
#include <map>
#include <optional>
#include <string>

namespace patchpipe {

/// A folder that only the user sees, in $TMPDIR or /tmp. It is removed with this object, and also
/// if this process is killed: the first object starts a process that waits for that. All paths have
/// the same length, because the addresses in a process depend on its environment.
class TemporaryFolder {
 public:
    TemporaryFolder();  ///< throws Error io
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }

    /// Notes what is in it, for put_back().
    void remember();

    /// Removes what was not there then, and puts back when folders were changed and read. Returns
    /// false if something that was there is gone, was changed or read, or cannot be removed, or
    /// there was too much in it to be noted.
    [[nodiscard]] bool put_back();

 private:
    class Walk;

    struct Time {
        explicit Time(const timespec& time) : seconds(time.tv_sec), nanoseconds(time.tv_nsec) {}
        bool operator==(const Time&) const = default;

        std::int64_t seconds, nanoseconds;
    };

    // Of a folder the size and the times change with what is in it.
    struct Entry {
        explicit Entry(const struct stat& info)
            : inode(info.st_ino),
              mode(info.st_mode),
              size(info.st_size),
              read(info.st_atim),
              written(info.st_mtim),
              changed(info.st_ctim) {}

        ino_t inode;
        mode_t mode;
        off_t size;
        Time read, written, changed;
        std::string contents = {};  // the hash, where the times do not tell of changes
    };

    [[nodiscard]] static bool are_same(const Entry& one, const Entry& other);
    [[nodiscard]] static bool set_times(int folder, const Entry& entry);

    std::string path_;
    std::optional<std::map<std::string, Entry>> entries_;  // by path in it, if they are few
};

}  // namespace patchpipe
