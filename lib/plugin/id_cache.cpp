// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugin/id_cache.h"

#include "base/error.h"
#include "base/version.h"
#include "file/cache_entry.h"
#include "file/read_file.h"
#include "record/record.h"

namespace patchpipe {
namespace {

constexpr std::string_view id_folder = "plugin-ids";

// The entry without the id.
Record entry_of(const Source& source, const std::string& circumstances) {
    Record entry("{}");
    entry.set("plugin", source.identifier);
    entry.set("patchpipe", kit_version);
    entry.set("files", SourceState(source).text());
    entry.set("circumstances", circumstances);
    return entry;
}

}  // namespace

std::optional<std::string> kept_plugin_id(const Source& source,
                                          const std::string& circumstances) try {
    constexpr std::size_t largest = 1 << 16;
    const auto path = cache_entry_path(id_folder, source.identifier);
    if (path.empty() || !is_own_file(path)) return {};
    const auto line = read_file(path, largest);
    Record entry(line.substr(0, line.find('\n')));
    auto id = entry.text("plugin_id");
    entry.remove("plugin_id");
    return entry.line() == entry_of(source, circumstances).line() ? id : std::nullopt;
} catch (const Error&) {
    return {};  // missing or damaged
}

void keep_plugin_id(const Source& source, const std::string& circumstances,
                    const std::string& id) try {
    const auto path = cache_entry_path(id_folder, source.identifier);
    if (path.empty()) return;
    auto entry = entry_of(source, circumstances);
    entry.set("plugin_id", id);
    write_own_file(path, entry.line() + "\n");
} catch (const Error&) {
    // The next one loads the plug-in again.
}

}  // namespace patchpipe
