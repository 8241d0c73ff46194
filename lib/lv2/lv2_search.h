// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds the LV2 bundles that matter to a plug-in by a quick look at their manifests. Reading all
// installed bundles would take longer than loading most plug-ins, and some bundles run code to
// describe themselves.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace patchpipe {

/// The folders with LV2 bundles: those of LV2_PATH, or those that Debian's lilv looks into.
[[nodiscard]] std::vector<std::string> lv2_folders();

/// Absolute paths of the bundles, ending in a slash, whose manifests may name the plug-in: its own
/// and those with presets for it, and maybe a few others. In the order of the folders,
/// sorted within each.
[[nodiscard]] std::vector<std::string> lv2_bundles_naming(const std::string& uri);

/// False only if the Turtle text cannot contain the URI, neither whole nor with a prefix.
[[nodiscard]] bool may_name(std::string_view turtle, std::string_view uri);

}  // namespace patchpipe
