// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/verdict_cache.h"

#include "base/json.h"
#include "base/version.h"
#include "file/cache_entry.h"
#include "file/read_file.h"
#include "record/record.h"

namespace patchpipe {
namespace {

constexpr std::string_view folder = "verdicts";

}  // namespace

std::optional<Verdict> cached_verdict(const std::string& plugin_hash) try {
    constexpr std::size_t largest = 1 << 16;
    const auto path = cache_entry_path(folder, plugin_hash);
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
    const auto path = cache_entry_path(folder, plugin_hash);
    if (path.empty())
        throw Error(ErrorKind::io, "verdict",
                    "is not kept: neither XDG_CACHE_HOME nor HOME names a folder");
    Record entry("{}");
    entry.set("plugin_hash", plugin_hash);
    entry.set("patchpipe", kit_version);
    entry.set("verdict", to_string(verdict.isolation));
    entry.set("repeatable", verdict.repeatable);
    write_own_file(path, entry.line() + "\n");
}

}  // namespace patchpipe
