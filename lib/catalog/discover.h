// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds the presets below a folder by their names alone. Not here: opening one, and going through
// folders (file/walk_folder.h).
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "file/walk_folder.h"

namespace patchpipe {

/// What a scan calls with what it finds.
struct ScanEvents {
    std::function<void(const std::string& path, std::string_view format)> found;
    std::function<void(const Error& error)> failed;  // something was skipped; the scan goes on
};

/// Reports every preset file as walk_folder() does; of an LV2 bundle its manifest, which lists the
/// presets in it (lv2_presets.h), if there are any.
void scan_folder(const std::string& folder, const WalkDepth& depth, const ScanEvents& events);

}  // namespace patchpipe
