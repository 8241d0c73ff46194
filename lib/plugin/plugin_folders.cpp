// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugin/plugin_folders.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <initializer_list>
#include <string_view>

#include "file/absolute.h"
#include "plugin/dsp_operand.h"

namespace patchpipe {
namespace {

namespace fs = std::filesystem;

void add_listed(std::vector<std::string>& folders, const char* list) {
    const std::string_view text(list);
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find(':', begin), text.size());
        if (end > begin) folders.emplace_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
}

// Those of the variable, or where hosts look without it.
void add_folders(std::vector<std::string>& folders, const char* variable,
                 std::initializer_list<std::string_view> names) {
    if (const char* const list = std::getenv(variable)) return add_listed(folders, list);
    const char* const home = std::getenv("HOME");
    for (const auto name : names) {
        if (home) folders.push_back(std::string(home) + "/." + std::string(name));
        for (const auto* const root : {"/usr/local/lib/", "/usr/lib/"})
            folders.push_back(root + std::string(name));
    }
}

bool is_bundle(const fs::path& path) {
    auto suffix = path.extension().string();
    for (auto& c : suffix)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 'a' - 'A');
    return suffix == ".vst3";
}

}  // namespace

std::vector<std::string> plugin_folders() {
    std::vector<std::string> folders;
    add_folders(folders, "VST_PATH", {"vst", "lxvst"});
    add_folders(folders, "VST3_PATH", {"vst3"});
    return folders;
}

std::vector<std::string> plugin_files(const std::string& folder) {
    constexpr int deepest = 8;
    constexpr std::size_t most = 100'000;
    std::error_code why;
    std::vector<std::string> found;
    for (fs::recursive_directory_iterator
             entry(folder, fs::directory_options::skip_permission_denied, why),
         end;
         !why && entry != end && found.size() < most; entry.increment(why)) {
        const auto& path = entry->path();
        const bool bundle = is_bundle(path);
        if (bundle || entry.depth() >= deepest) entry.disable_recursion_pending();
        if (bundle || path.extension() == ".so" || is_dsp_path(path.string()))
            found.push_back(path.string());
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::string here_or_installed(const std::string& path) {
    std::error_code unseen;
    if (path.empty() || path.find('/') != path.npos ||
        fs::symlink_status(path, unseen).type() != fs::file_type::not_found)
        return path;
    for (const auto& folder : plugin_folders())
        for (const auto& file : plugin_files(absolute_path(folder)))
            if (fs::path(file).filename() == path) return file;
    return path;
}

}  // namespace patchpipe
