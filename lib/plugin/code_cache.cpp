// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugin/code_cache.h"

#include "base/error.h"
#include "base/version.h"
#include "file/cache_entry.h"
#include "file/content_hash.h"
#include "file/read_file.h"
#include "file/whole_file.h"
#include "record/record.h"

namespace patchpipe {
namespace {

constexpr std::string_view folder = "code";
constexpr std::size_t largest_entry = std::size_t{128} << 20;

}  // namespace

// As this kit makes it of the source.
std::string kept_code_path(const std::string& source_hash) {
    return cache_entry_path(folder, source_hash + " by " + compiling_sources);
}

std::optional<std::string> kept_code(const std::string& source_hash) try {
    const auto path = kept_code_path(source_hash);
    if (path.empty() || !is_own_file(path)) return {};
    const auto line = read_file(path, largest_entry);
    const Record entry(line.substr(0, line.find('\n')));
    auto code = entry.text("code");
    const bool fits = entry.text("source_hash") == source_hash &&
                      entry.text("by") == compiling_sources && code &&
                      entry.text("code_hash") == content_hash(*code);
    return fits ? code : std::nullopt;
} catch (const Error&) {
    return {};  // missing or damaged
}

void keep_code(const std::string& source_hash, const std::string& code) try {
    const auto path = kept_code_path(source_hash);
    if (path.empty()) return;
    Record entry("{}");
    entry.set("source_hash", source_hash);
    entry.set("by", compiling_sources);
    entry.set("code_hash", content_hash(code));
    entry.set("code", code);
    write_own_file(path, entry.line() + "\n");
} catch (const Error&) {
    // The next one compiles it again.
}

}  // namespace patchpipe
