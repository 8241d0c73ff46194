// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/working_folder.h"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>

#include "base/error.h"

namespace patchpipe {

WorkingFolder::WorkingFolder(const std::string& path) : before_(open(".", O_PATH | O_CLOEXEC)) {
    if (before_.get() < 0 || chdir(path.c_str()) != 0)
        throw Error(ErrorKind::io, path, system_message(errno));
}

WorkingFolder::~WorkingFolder() { (void)!fchdir(before_.get()); }

}  // namespace patchpipe
