// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which build of a plug-in a path names: the hash of its binary.
#pragma once

#include <string>

#include "plugin/plugin_file.h"

namespace patchpipe {

/// The content_hash() of the file that is loaded: a VST2's, an LV2's, or the binary for this
/// machine in a VST3 bundle. Throws Error not-found or io.
[[nodiscard]] std::string binary_hash(const PluginFile& file);

/// Tells one plug-in from another: the hash of its binary, and for an LV2 its URI after a space,
/// since a binary may hold several. Throws Error not-found or io.
[[nodiscard]] std::string plugin_hash(const PluginFile& file);

}  // namespace patchpipe
