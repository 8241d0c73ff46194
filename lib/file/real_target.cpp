// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "file/real_target.h"

#include <sys/stat.h>
#include <cerrno>
#include <cstdlib>
#include <memory>

#include "base/error.h"
#include "file/absolute.h"

namespace patchpipe {
namespace {

// Returns an empty string if nothing has that name.
std::string resolved(const std::string& path) {
    const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr),
                                                           &std::free);
    if (real) return real.get();
    if (errno != ENOENT) throw Error(ErrorKind::io, path, system_message(errno));
    struct stat info {};
    if (::lstat(path.c_str(), &info) == 0)
        throw Error(ErrorKind::io, path, "is a link that leads to nothing");
    return {};
}

}  // namespace

std::string real_target(const std::string& path) {
    std::string missing, existing = path;
    for (;;) {
        const auto real = resolved(existing);
        if (!real.empty()) return real == "/" && !missing.empty() ? missing : real + missing;
        const std::string name(file_name(existing));
        if (name == "..") throw Error(ErrorKind::io, path, "has .. in a folder that is missing");
        if (!name.empty() && name != ".") missing = "/" + name + missing;
        existing = parent_folder(existing);
    }
}

}  // namespace patchpipe
