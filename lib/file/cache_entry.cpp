// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "file/cache_entry.h"

#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdlib>

#include "base/error.h"
#include "file/content_hash.h"
#include "file/whole_file.h"

namespace patchpipe {

// A folder that is not named from the root does not count, says the XDG base directory
// specification.
std::string cache_folder() {
    const auto named = [](const char* variable) -> std::string {
        const char* value = std::getenv(variable);
        return value && value[0] == '/' ? value : "";
    };
    if (const auto cache = named("XDG_CACHE_HOME"); !cache.empty()) return cache;
    const auto home = named("HOME");
    return home.empty() ? "" : home + "/.cache";
}

std::string cache_entry_path(std::string_view folder, const std::string& key) {
    const auto cache = cache_folder();
    if (cache.empty()) return "";
    const auto hash = content_hash(key);
    return cache + "/patchpipe/" + std::string(folder) + "/" + hash.substr(hash.find(':') + 1) +
           ".json";
}

bool is_own_file(const std::string& path) {
    struct stat info {};
    return ::lstat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
           info.st_uid == ::geteuid() && (info.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

void write_own_file(const std::string& path, std::string_view bytes) {
    // A whole file is written through a link, to wherever it leads.
    struct stat info {};
    if (::lstat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode) && ::unlink(path.c_str()) != 0)
        throw Error(ErrorKind::io, path, system_message(errno));
    write_whole_file(path, bytes);
    // A generous umask would make it anybody's.
    if (::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0)
        throw Error(ErrorKind::io, path, system_message(errno));
}

}  // namespace patchpipe
