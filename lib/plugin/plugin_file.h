// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds out what a plug-in path names, before anything is loaded.
#pragma once

#include <string>

#include "plugin/plugin_format.h"

namespace patchpipe {

struct PluginFile {
    PluginFormat format;
    /// Absolute path of the VST2 binary or of the VST3 bundle; the URI of an LV2 plug-in.
    std::string identifier;
    /// Absolute path of what will be loaded.
    std::string binary;
};

/// True for what names an LV2 plug-in: a URI, not a path.
[[nodiscard]] bool is_lv2_uri(const std::string& path);

/// path is a VST2 binary or a folder with one, a VST3 bundle or the binary in it, or the URI of an
/// installed LV2. The binary is looked at (binary.h), but not loaded. Throws Error not-found, io,
/// unsupported for what is no plug-in for this machine, plugin-load for one that is damaged.
[[nodiscard]] PluginFile find_plugin(const std::string& path);

}  // namespace patchpipe
