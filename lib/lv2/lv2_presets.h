// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The presets in LV2 bundles: what a manifest lists, and one of them as a state that an LV2 plug-in
// takes. No plug-in is loaded. Not here: presets that bundles describe by running code.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace patchpipe {

/// All texts are UTF-8 but path, which is whatever the bundle names.
struct Lv2Preset {
    std::string uri;
    std::string plugin;  ///< the URI of a plug-in that it is for; empty if it names none
    std::string name;    ///< its label; empty if it has none
    std::string bank;    ///< the label of its bank; empty if it has none
    std::string path;    ///< the file that describes it, absolute; it may be missing
};

/// The file in a bundle that lists what is in it.
inline constexpr std::string_view lv2_manifest_name = "manifest.ttl";

/// The presets that the manifest lists, one for each plug-in that they are for, in its order.
/// Throws Error not-found, io, unsupported, and corrupt if it is not Turtle.
[[nodiscard]] std::vector<Lv2Preset> lv2_presets_in(const std::string& manifest);

/// Those of them that this file describes. The file is in a bundle, or is a preset by itself, which
/// need not be listed anywhere. Throws as lv2_presets_in() does.
[[nodiscard]] std::vector<Lv2Preset> lv2_presets_of_file(const std::string& path);

/// The presets for a plug-in in all bundles that are installed (lv2_search.h). Bundles that are
/// damaged count as empty.
[[nodiscard]] std::vector<Lv2Preset> lv2_presets_for(const std::string& plugin_uri);

/// The installed preset of that URI, for each plug-in that it is for. Throws Error not-found.
[[nodiscard]] std::vector<Lv2Preset> find_lv2_preset(const std::string& uri);

/// The file that describes the preset of that URI in a bundle, whose folder is given. Without a URI
/// it is the only preset of the bundle. Throws as lv2_presets_in() and read_lv2_preset() do.
[[nodiscard]] std::string lv2_preset_file(const std::string& bundle, const std::string& uri);

/// A preset with all that the files of its bundle say about it.
struct Lv2PresetState {
    std::string uri;
    std::vector<std::string> plugins;  ///< the URIs of the plug-ins that it is for
    /// Turtle with whole URIs, and with absolute paths of the files that it refers to.
    std::string turtle;
    /// The same with paths within the bundle: it does not depend on where the bundle is.
    std::string identity;
    std::vector<std::string> files;  ///< absolute paths of the files that it refers to
};

/// Reads a preset that the file describes, whose bundle is the closest folder above the file with a
/// manifest that lists it. Without a URI it is the only preset of the file. Throws Error not-found
/// if the file has none of that URI, unsupported if no URI is given and it has several, corrupt if
/// a file is not Turtle, io.
[[nodiscard]] Lv2PresetState read_lv2_preset(const std::string& path, const std::string& uri);

}  // namespace patchpipe
