// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The manifest.json of a folder of collected files: what each is, and where it came from.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace patchpipe {

inline constexpr std::string_view manifest_name = "manifest.json";

struct CollectedFile {
    std::string name;  ///< within the folder
    std::uint64_t bytes = 0;
    std::string hash;  ///< content_hash()
};

struct ManifestEntry {
    CollectedFile file;
    std::set<std::string> sources;  ///< the paths that it was copied from
};

/// Reads a manifest. Entries that would lead out of its folder are left out. Throws Error corrupt
/// if the file is none, not-found, io or unsupported.
[[nodiscard]] std::vector<ManifestEntry> read_manifest(const std::string& path);

/// The text of a manifest, with the paths that were looked for and not found.
[[nodiscard]] std::string manifest_text(const std::vector<ManifestEntry>& files,
                                        const std::set<std::string>& missing);

}  // namespace patchpipe
