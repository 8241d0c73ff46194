// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "lv2/lv2_search.h"

#include <sys/utsname.h>
#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/error.h"
#include "file/read_file.h"

namespace patchpipe {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_manifest = 64 << 20;

std::string usual_folders() {
    utsname machine{};
    uname(&machine);
    return "~/.lv2:/usr/lib/" + std::string(machine.machine) +
           "-linux-gnu/lv2:/usr/lib/lv2:/usr/local/lib/lv2";
}

std::string home() {
    const char* home = std::getenv("HOME");
    return home ? home : "";
}

// A folder that is missing or cannot be read counts as empty.
std::vector<fs::path> sorted_entries(const fs::path& folder) {
    std::error_code why;
    std::vector<fs::path> entries;
    for (fs::directory_iterator entry(folder, why), end; !why && entry != end; entry.increment(why))
        entries.push_back(entry->path());
    std::sort(entries.begin(), entries.end());
    return entries;
}

bool manifest_may_name(const fs::path& bundle, const std::string& uri) {
    const auto manifest = bundle / "manifest.ttl";
    std::error_code why;
    if (!fs::is_regular_file(manifest, why)) return false;
    try {
        return may_name(read_file(manifest.string(), largest_manifest), uri);
    } catch (const Error&) {
        return false;
    }
}

// The text between < and > after the position; empty if the next character is not <.
std::string_view bracketed(std::string_view turtle, std::size_t from) {
    const auto open = turtle.find('<', from);
    const auto close = turtle.find('>', open);
    return close == turtle.npos ? "" : turtle.substr(open + 1, close - open - 1);
}

// True if a directive, @prefix or PREFIX, gives the start of the URI a name.
bool declares_start(std::string_view turtle, std::string_view directive, std::string_view uri) {
    for (auto at = turtle.find(directive); at != turtle.npos; at = turtle.find(directive, at + 1)) {
        const auto start = bracketed(turtle, at);
        if (!start.empty() && uri.starts_with(start)) return true;
    }
    return false;
}

}  // namespace

std::vector<std::string> lv2_folders() {
    const char* given = std::getenv("LV2_PATH");
    const auto list = given ? given : usual_folders();
    std::vector<std::string> folders;
    for (std::size_t start = 0; start <= list.size();) {
        const auto end = std::min(list.find(':', start), list.size());
        auto folder = list.substr(start, end - start);
        if (folder.starts_with("~/")) folder.replace(0, 1, home());
        if (!folder.empty()) folders.push_back(std::move(folder));
        start = end + 1;
    }
    return folders;
}

bool may_name(std::string_view turtle, std::string_view uri) {
    if (uri.starts_with("file:")) return true;  // what a relative URI becomes
    if (turtle.find(uri) != turtle.npos) return true;
    return declares_start(turtle, "prefix", uri) || declares_start(turtle, "PREFIX", uri);
}

std::vector<std::string> lv2_bundles_naming(const std::string& uri) {
    std::vector<std::string> bundles;
    for (const auto& folder : lv2_folders())
        for (const auto& bundle : sorted_entries(fs::absolute(folder)))
            if (manifest_may_name(bundle, uri)) bundles.push_back(bundle.string() + "/");
    return bundles;
}

}  // namespace patchpipe
