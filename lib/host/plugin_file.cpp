// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/plugin_file.h"

#include <filesystem>
#include <vector>

#include "record/error.h"

namespace patchpipe {
namespace {

namespace fs = std::filesystem;

bool is_uri(const std::string& path) {
    return path.find("://") != path.npos || path.starts_with("urn:");
}

// The bundle that a binary in its Contents folder belongs to, or the path as it is.
fs::path enclosing_bundle(const fs::path& path) {
    for (auto folder = path; folder.has_relative_path(); folder = folder.parent_path())
        if (folder.extension() == ".vst3") return folder;
    return path;
}

fs::path binary_in_folder(const fs::path& folder) {
    std::vector<fs::path> binaries;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".so") binaries.push_back(entry.path());
    if (binaries.empty())
        throw Error(ErrorKind::unsupported, folder.string(),
                    "is a folder without a plug-in: no .so file in it and no .vst3 bundle");
    if (binaries.size() > 1)
        throw Error(ErrorKind::unsupported, folder.string(),
                    "has several .so files; give the path of one");
    return binaries.front();
}

}  // namespace

PluginFile find_plugin(const std::string& path) {
    if (is_uri(path)) return {PluginFormat::lv2, path};
    auto file = fs::absolute(path).lexically_normal();
    if (!file.has_filename()) file = file.parent_path();
    if (!fs::exists(file))
        throw Error(ErrorKind::not_found, path, "no such plug-in; check the path");
    const auto bundle = enclosing_bundle(file);
    if (bundle.extension() == ".vst3") return {PluginFormat::vst3, bundle.string()};
    if (file.extension() == ".lv2")
        throw Error(ErrorKind::unsupported, path,
                    "is an LV2 bundle; give the URI of the plug-in in it (lv2ls lists them)");
    if (fs::is_directory(file)) file = binary_in_folder(file);
    if (file.extension() != ".so")
        throw Error(ErrorKind::unsupported, path,
                    "is no plug-in: a VST2 is a .so file, a VST3 a .vst3 bundle, an LV2 a URI");
    return {PluginFormat::vst2, file.string()};
}

}  // namespace patchpipe
