// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A folder into which files are copied, each content once, and its manifest.json.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "match/manifest.h"
#include "names/unique_paths.h"

namespace patchpipe {

/// Size and hash of the file; its name is left empty. Throws Error not-found, io or unsupported.
[[nodiscard]] CollectedFile content_of(const std::string& path);

class Collection {
 public:
    /// Reads the manifest that an earlier run has left in the folder, which is absolute and need
    /// not exist. Throws Error corrupt if it is damaged, io, or unsupported.
    explicit Collection(std::string folder);

    /// Copies the file, unless its content is there already. The copy has the file's name, made
    /// safe for every file system; if another content has that name, with "_1", "_2", ... behind
    /// it. It lies in the folder itself, and no file there is ever replaced. Throws Error
    /// not-found, io or unsupported.
    const CollectedFile& add(const std::string& path);

    /// Notes a path for which no file was found.
    void miss(const std::string& path) { missing_.insert(path); }

    /// Writes the manifest: what add() has copied, in this run and in earlier ones, and what is
    /// missing. Throws Error io.
    void write_manifest() const;

 private:
    void take_manifest();
    [[nodiscard]] std::string path_of(const std::string& name) const {
        return folder_ + "/" + name;
    }
    [[nodiscard]] bool holds(const CollectedFile& file) const;
    std::string copy(const std::string& path, const CollectedFile& content);

    std::string folder_;
    UniquePaths names_;
    std::unordered_set<std::string> present_;       // what was in the folder, in folded_form()
    std::map<std::string, ManifestEntry> entries_;  // by name
    std::unordered_map<std::string, std::string> name_of_;    // by size and hash
    std::unordered_map<std::string, std::string> name_from_;  // by source
    std::set<std::string> missing_;
};

}  // namespace patchpipe
