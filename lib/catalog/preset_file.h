// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is given to a plug-in of a preset file: the file itself, or the one preset that is meant of
// those in it.
#pragma once

#include <string>
#include <vector>

namespace patchpipe {

struct PresetFile {
    std::string format;  ///< by content: detect_preset_format()
    std::string bytes;   ///< for Patch::load_preset()
};

/// Reads a preset. uri says which one is meant in an LV2 bundle; it may be empty, and files of
/// other formats have none. Throws Error not-found, io, unsupported for what is not one preset,
/// corrupt for a file of no known format, and what read_lv2_preset() throws.
[[nodiscard]] PresetFile read_preset_file(const std::string& path, const std::string& uri);

struct PresetIdentity {
    std::string format;                ///< as above
    std::string hash;                  ///< of what the sound depends on, wherever the file is
    std::vector<std::string> plugins;  ///< LV2: the URIs of the plug-ins that it is for
};

/// Looks at a preset without keeping it. Throws as read_preset_file() does.
[[nodiscard]] PresetIdentity identify_preset(const std::string& path, const std::string& uri);

}  // namespace patchpipe
