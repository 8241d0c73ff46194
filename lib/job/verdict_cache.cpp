// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/verdict_cache.h"

#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdlib>

#include "base/json.h"
#include "base/version.h"
#include "file/content_hash.h"
#include "file/read_file.h"
#include "file/whole_file.h"
#include "record/record.h"

namespace patchpipe {
namespace {

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

// Empty if the user has no cache folder.
std::string entry_path(const std::string& plugin_hash) {
    const auto folder = cache_folder();
    if (folder.empty()) return "";
    const auto hash = content_hash(plugin_hash);
    return folder + "/patchpipe/verdicts/" + hash.substr(hash.find(':') + 1) + ".json";
}

// Nobody else decides how much a plug-in is trusted.
bool is_own_file(const std::string& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 && info.st_uid == ::geteuid() &&
           (info.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

}  // namespace

std::optional<Verdict> cached_verdict(const std::string& plugin_hash) try {
    constexpr std::size_t largest = 1 << 16;
    const auto path = entry_path(plugin_hash);
    if (path.empty() || !is_own_file(path)) return {};
    const auto line = read_file(path, largest);
    const Record entry(line.substr(0, line.find('\n')));
    if (entry.text("plugin_hash") != plugin_hash || entry.text("patchpipe") != kit_version)
        return {};
    const auto isolation = isolation_named(entry.text("verdict").value_or(""));
    const auto repeatable = entry.flag("repeatable");
    const bool known = isolation == Isolation::snapshot || isolation == Isolation::fork ||
                       isolation == Isolation::process;
    if (!repeatable || !known) return {};
    return Verdict{*isolation, *repeatable};
} catch (const Error&) {
    return {};  // missing or damaged
}

void keep_verdict(const std::string& plugin_hash, const Verdict& verdict) {
    const auto path = entry_path(plugin_hash);
    if (path.empty())
        throw Error(ErrorKind::io, "verdict",
                    "is not kept: neither XDG_CACHE_HOME nor HOME names a folder");
    Record entry("{}");
    entry.set("plugin_hash", plugin_hash);
    entry.set("patchpipe", kit_version);
    entry.set("verdict", to_string(verdict.isolation));
    entry.set("repeatable", verdict.repeatable);
    write_whole_file(path, entry.line() + "\n");
    // A generous umask would make it anybody's.
    if (::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0)
        throw Error(ErrorKind::io, path, system_message(errno));
}

}  // namespace patchpipe
