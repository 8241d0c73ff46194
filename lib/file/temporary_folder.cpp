// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "file/temporary_folder.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "record/error.h"

namespace patchpipe {

TemporaryFolder::TemporaryFolder() {
    const char* parent = std::getenv("TMPDIR");
    path_ = std::string(parent && *parent ? parent : "/tmp") + "/patchpipe-XXXXXX";
    if (!mkdtemp(path_.data()))
        throw Error(ErrorKind::io, path_, "cannot make a folder: " + system_message(errno));
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;  // there is nobody to tell
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace patchpipe
