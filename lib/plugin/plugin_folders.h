// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The folders in which hosts look for VST2 and VST3 plug-ins. Not here: those of LV2, which
// lib/lv2 knows.
#pragma once

#include <string>
#include <vector>

namespace patchpipe {

/// Those of VST_PATH and VST3_PATH, or the usual ones for a variable that is not set.
[[nodiscard]] std::vector<std::string> plugin_folders();

/// The paths of all that may be a plug-in or a Faust program in that folder and the ones below it,
/// sorted. Folders that are missing or may not be read count as empty, and so do loops of links.
[[nodiscard]] std::vector<std::string> plugin_files(const std::string& folder);

/// A name without a folder that is not in the present one: the first plug-in in plugin_folders()
/// that is called so, such as "amsynth_vst.so". Any other path, and one that is nowhere, as it is.
[[nodiscard]] std::string here_or_installed(const std::string& path);

}  // namespace patchpipe
