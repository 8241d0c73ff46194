// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds the binary of a VST2 or VST3, before anything is loaded.
#pragma once

#include <string>

#include "plugin/source.h"

namespace patchpipe {

/// Throws Error not-found or io for a path that leads to nothing, or to what may not be read.
void check_plugin_is_there(const std::string& path);

/// The source of a VST2: the path of its library, or of a folder with one library in it. The path
/// is absolute and leads to something. The binary is looked at (binary.h), but not loaded. Throws
/// Error unsupported for what cannot be loaded as a VST2 here, plugin-load for what is damaged.
[[nodiscard]] Source find_vst2(const std::string& path);

/// The folder of the VST3 bundle that the path names or lies in; empty if it does neither.
[[nodiscard]] std::string vst3_bundle_of(const std::string& path);

/// The source of the VST3 in such a folder. Throws as find_vst2() does.
[[nodiscard]] Source find_vst3(const std::string& bundle);

}  // namespace patchpipe
