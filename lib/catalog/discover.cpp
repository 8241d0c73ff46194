// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "catalog/discover.h"

#include <optional>

#include "catalog/preset_formats.h"
#include "file/absolute.h"
#include "lv2/lv2_presets.h"

namespace patchpipe {
namespace {

// Of the files that describe an LV2 bundle one lists its presets.
std::optional<std::string_view> scanned_format(std::string_view name) {
    const auto format = preset_format(name);
    return format == "lv2" && name != lv2_manifest_name ? std::nullopt : format;
}

}  // namespace

void scan_folder(const std::string& folder, const WalkDepth& depth, const ScanEvents& events) {
    walk_folder(folder, depth,
                {.wanted = [](std::string_view name) { return scanned_format(name).has_value(); },
                 .found =
                     [&](const std::string& path) {
                         events.found(path, scanned_format(file_name(path)).value_or(""));
                     },
                 .failed = events.failed});
}

}  // namespace patchpipe
