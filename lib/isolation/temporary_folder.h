// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A folder that is removed with all its contents.
#pragma once

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

 private:
    std::string path_;
};

}  // namespace patchpipe
