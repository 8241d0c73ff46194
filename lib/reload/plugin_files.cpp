// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "reload/plugin_files.h"

#include <filesystem>
#include <set>
#include <utility>

#include "base/error.h"
#include "lv2/lv2_presets.h"
#include "plugin/opener.h"

namespace patchpipe {

namespace {

// With the files that describe the plug-ins of an LV2 bundle.
Source whole_source(const std::string& plugin_path) {
    namespace fs = std::filesystem;
    auto source = find_source(plugin_path);
    std::set<fs::path> descriptions;
    for (const auto& file : source.files) {
        const auto folder = fs::path(file).parent_path();
        std::error_code none;
        if (!fs::exists(folder / lv2_manifest_name, none)) continue;
        for (const auto& entry : fs::directory_iterator(folder, none))
            if (entry.path().extension() == ".ttl") descriptions.insert(entry.path());
    }
    source.files.insert(source.files.end(), descriptions.begin(), descriptions.end());
    return source;
}

}  // namespace

PluginFiles::PluginFiles(std::string plugin_path)
    : plugin_path_(std::move(plugin_path)), source_(whole_source(plugin_path_)) {}

std::string PluginFiles::hash() {
    SourceState now(source_);
    if (state_ == now && !hash_.empty()) return hash_;
    state_ = std::move(now);
    try {
        source_ = whole_source(plugin_path_);
        state_.emplace(source_);
    } catch (const Error&) {  // half of a file, for instance, whose hash tells when it is whole
    }
    try {
        hash_ = source_hash(source_);
    } catch (const Error&) {
        hash_.clear();
    }
    return hash_;
}

}  // namespace patchpipe
