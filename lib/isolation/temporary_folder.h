// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A folder that is removed with all its contents.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>
#include <cstdint>
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

    /// Removes what was not there then. Returns false if something that was there is gone or was
    /// changed, or cannot be removed, or there was too much in it to be noted.
    [[nodiscard]] bool put_back() const;

 private:
    // Of a file or folder; of a folder no size and time, which change with what is in it.
    struct Entry {
        explicit Entry(const struct stat& info);
        bool operator==(const Entry&) const = default;

        ino_t inode;
        mode_t mode;
        off_t size = 0;
        std::int64_t seconds = 0, nanoseconds = 0;
    };

    std::string path_;
    std::optional<std::map<std::string, Entry>> entries_;  // by path in it, if they are few
};

}  // namespace patchpipe
