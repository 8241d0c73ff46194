// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds out what a plug-in path names, before anything is loaded.
#pragma once

#include <string>

namespace patchpipe {

enum class PluginFormat { vst2, vst3, lv2 };

struct PluginFile {
    PluginFormat format;
    /// Absolute path of the VST2 binary or of the VST3 bundle; the URI of an LV2 plug-in.
    std::string identifier;
};

/// path is a VST2 binary or a folder with one, a VST3 bundle or the binary in it, or an LV2 URI.
/// Throws Error not-found, or unsupported for what is no plug-in.
[[nodiscard]] PluginFile find_plugin(const std::string& path);

}  // namespace patchpipe
