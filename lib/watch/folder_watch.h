// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tells that something happened in the folders of some files: written, renamed, deleted. What it
// was is for the caller to look at (settling.h): editors and linkers write in place, or beside the
// file and rename.
#pragma once

#include <string>
#include <vector>

#include "base/descriptor.h"

namespace patchpipe {

class FolderWatch {
 public:
    /// Where the kernel has no watch left, or the file system tells nothing, nothing is ever told:
    /// look now and then all the same.
    FolderWatch();

    /// Watches the folders of these files, besides those that it watches already. A folder that
    /// was deleted and made again is watched again.
    void add_folders_of(const std::vector<std::string>& files);

    /// Readable when something happened; -1 where it cannot tell.
    [[nodiscard]] int fd() const { return fd_.get(); }
    /// Drops what was told.
    void clear();

 private:
    Descriptor fd_;
};

}  // namespace patchpipe
