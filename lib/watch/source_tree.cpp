// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "watch/source_tree.h"

#include <chrono>

#include "base/error.h"
#include "file/content_hash.h"
#include "watch/source_names.h"

namespace patchpipe {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_source = std::size_t{64} << 20;

// Two writes may have one time if they are closer than this.
constexpr std::chrono::milliseconds clock_step{20};

// A list that GCC writes for make of what the .o beside it was made from; else a program in D.
bool is_list_of_make(const fs::path& path) {
    std::error_code none;
    return path.extension() == ".d" && fs::exists(fs::path(path).replace_extension(".o"), none);
}

}  // namespace

SourceTree::File SourceTree::look_at(const fs::directory_entry& entry) const {
    File file{.looked_at = fs::file_time_type::clock::now(),
              .written = entry.last_write_time(),
              .size = entry.file_size(),
              .hash = {}};
    const auto known = files_.find(entry.path());
    const bool same = known != files_.end() && known->second.written == file.written &&
                      known->second.size == file.size &&
                      std::chrono::abs(known->second.looked_at - file.written) > clock_step;
    if (same)
        file.hash = known->second.hash;
    else
        try {
            file.hash = file_hash(entry.path(), largest_source);
        } catch (const Error&) {  // too large, or not ours: then its time counts
            file.hash = std::to_string(file.written.time_since_epoch().count());
        }
    return file;
}

// Throws what the library throws where a folder cannot be read.
void SourceTree::look() {
    std::map<std::string, File> found;
    is_whole_ = true;
    const auto options = fs::directory_options::skip_permission_denied;
    for (fs::recursive_directory_iterator entry(folder_, options), end; entry != end; ++entry) {
        const auto name = entry->path().filename().string();
        if (name.starts_with('.')) {
            if (entry->is_directory()) entry.disable_recursion_pending();
            continue;
        }
        if (!is_source_name(name) || !entry->is_regular_file() || is_list_of_make(entry->path()))
            continue;
        is_whole_ = found.size() < most_files;
        if (!is_whole_) break;
        found.emplace(entry->path().string(), look_at(*entry));
    }
    files_ = std::move(found);
}

std::string SourceTree::hash() try {
    look();
    return hash_of_found(files());
} catch (const fs::filesystem_error&) {
    return "";
}

std::string SourceTree::hash_of(const std::vector<std::string>& files) try {
    look();
    return hash_of_found(files);
} catch (const fs::filesystem_error&) {
    return "";
}

std::string SourceTree::hash_of_found(const std::vector<std::string>& files) const {
    ContentHash all;
    for (const auto& path : files) {
        const auto found = files_.find(path);
        all.add(path + '\0' + (found == files_.end() ? "" : found->second.hash) + '\0');
    }
    return all.text();
}

std::vector<std::string> SourceTree::files() const {
    std::vector<std::string> paths;
    for (const auto& [path, file] : files_) paths.push_back(path);
    return paths;
}

}  // namespace patchpipe
