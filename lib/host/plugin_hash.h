// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which build of a plug-in a path names: the hash of its binary.
#pragma once

#include <string>

#include "host/plugin_file.h"

namespace patchpipe {

/// The content_hash() of a VST2's file or of the binary for this machine in a VST3 bundle. An LV2
/// is known by its URI alone, and that is what it gives. Throws Error not-found or io.
[[nodiscard]] std::string plugin_hash(const PluginFile& file);

}  // namespace patchpipe
