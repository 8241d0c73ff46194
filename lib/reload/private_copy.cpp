// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "reload/private_copy.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "base/words.h"
#include "lv2/lv2_search.h"
#include "plugin/opener.h"

namespace patchpipe {
namespace {

namespace fs = std::filesystem;

// Whatever is not loaded as code or read with it may be large, and nobody writes over it.
void copy_bundle(const fs::path& from, const fs::path& to, const std::vector<fs::path>& binaries) {
    fs::create_directory(to);
    for (const auto& entry : fs::directory_iterator(from)) {
        const auto& file = entry.path();
        const bool is_code = std::find(binaries.begin(), binaries.end(), file) != binaries.end();
        if (is_code || file.extension() == ".ttl")
            fs::copy_file(file, to / file.filename());
        else
            fs::create_symlink(file, to / file.filename());
    }
}

}  // namespace

PrivateCopy::PrivateCopy(const std::string& plugin_path) try : path_(copy(plugin_path)) {
    if (!lv2_plugins_.empty()) copy_bundles();
} catch (const fs::filesystem_error& error) {
    throw Error(ErrorKind::io, plugin_path,
                "cannot be copied to load it: " + error.code().message());
}

fs::path PrivateCopy::folder() {
    if (!folder_) folder_.emplace();
    return folder_->path();
}

std::string PrivateCopy::copy(const std::string& plugin_path) {
    if (is_chain(plugin_path)) return copy_chain(plugin_path);
    const auto source = find_source(plugin_path);
    if (source.kind == lv2_kind) lv2_plugins_.push_back(source);
    if (source.kind != vst2_kind && source.kind != vst3_kind) return plugin_path;
    const auto own = folder() / std::to_string(++copies_);
    fs::create_directory(own);
    const fs::path from(source.identifier);
    const auto to = own / from.filename();
    fs::copy(from, to, fs::copy_options::recursive);
    return to;
}

std::string PrivateCopy::copy_chain(const std::string& list) {
    std::vector<std::string> links;
    for (const auto& link : json_texts(list)) links.push_back(json_text(copy(link)));
    return "[" + joined(links, ",") + "]";
}

// LV2s in folders below that of their bundle are not copied.
void PrivateCopy::copy_bundles() {
    std::vector<fs::path> binaries;
    std::set<fs::path> bundles, copied;
    for (const auto& plugin : lv2_plugins_) {
        binaries.emplace_back(plugin.files.front());
        copied.insert(binaries.back().parent_path());
        for (const auto& bundle : lv2_bundles_naming(plugin.part))
            bundles.insert(fs::path(bundle).parent_path());
    }
    const auto all = folder() / "lv2";
    fs::create_directory(all);
    lv2_folder_ = all;
    int number = 0;  // there may be several of a name
    for (const auto& bundle : bundles) {
        const auto to = all / (std::to_string(++number) + "-" + bundle.filename().string());
        if (copied.contains(bundle))
            copy_bundle(bundle, to, binaries);
        else
            fs::create_directory_symlink(bundle, to);
    }
}

}  // namespace patchpipe
