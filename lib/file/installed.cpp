// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "file/installed.h"

#include <unistd.h>
#include <filesystem>

#include "file/absolute.h"

namespace patchpipe {

std::optional<std::string> installed_file(std::string_view name) {
    std::error_code failed;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
    if (failed) return {};
    const auto folder = folder_of(folder_of(program.native()));
    auto path = std::string(folder) + "/share/patchpipe/" + std::string(name);
    if (::access(path.c_str(), R_OK) != 0) return {};
    return path;
}

}  // namespace patchpipe
