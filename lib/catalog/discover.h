// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds the presets below a folder by their names alone. Not here: opening one.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace patchpipe {

/// What a scan calls with what it finds.
struct ScanEvents {
    std::function<void(const std::string& path, std::string_view format)> found;
    std::function<void(const Error& error)> failed;  // something was skipped; the scan goes on
};

/// Which folders inside the folder are entered.
struct ScanDepth {
    bool recursive = true;
    bool follow_links = false;  ///< also those that links lead to
};

/// The error for a path that a record cannot hold.
[[nodiscard]] Error not_utf8(std::string_view path);

/// Reports every preset file in the folder, and below it if recursive, as folder + "/" + name; of
/// an LV2 bundle its manifest, which lists the presets in it (lv2_presets.h), if there are any.
/// Names come in byte order, folder by folder, so that paths are sorted component by component.
/// The folder itself and presets may be links. No folder is entered twice, whatever links lead to
/// it. Reports as failed a folder that cannot be read, a preset whose link leads nowhere, and a
/// preset or folder whose name is not UTF-8.
void scan_folder(const std::string& folder, const ScanDepth& depth, const ScanEvents& events);

}  // namespace patchpipe
