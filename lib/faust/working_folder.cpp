// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/working_folder.h"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>

#include <cstdlib>

#include "base/error.h"
#include "file/absolute.h"

namespace patchpipe {
namespace {

// The compiler reads it, and takes it from the folder in which it works.
void make_library_path_absolute() {
    constexpr auto variable = "FAUST_LIB_PATH";
    const char* folder = std::getenv(variable);
    if (folder && *folder && *folder != '/') setenv(variable, absolute_path(folder).c_str(), 1);
}

}  // namespace

WorkingFolder::WorkingFolder(const std::string& path) : before_(open(".", O_PATH | O_CLOEXEC)) {
    make_library_path_absolute();
    if (before_.get() < 0 || chdir(path.c_str()) != 0)
        throw Error(ErrorKind::io, path, system_message(errno));
}

WorkingFolder::~WorkingFolder() { (void)!fchdir(before_.get()); }

}  // namespace patchpipe
