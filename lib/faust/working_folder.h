// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The folder in which the compiler works, which is that of the program. It looks there before all
// others for what is imported, and relative paths in its options count from there: in the folder in
// which the kit was started both would depend on where that was.
#pragma once

#include <string>

#include "base/descriptor.h"

namespace patchpipe {

/// The working folder of this process is another one while the object lives.
class WorkingFolder {
 public:
    /// Throws Error io. FAUST_LIB_PATH still names the folder that it has named before.
    explicit WorkingFolder(const std::string& path);
    ~WorkingFolder();
    WorkingFolder(const WorkingFolder&) = delete;
    WorkingFolder& operator=(const WorkingFolder&) = delete;

 private:
    Descriptor before_;
};

}  // namespace patchpipe
