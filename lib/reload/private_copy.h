// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A copy of a plug-in's files to load it from, so that its file may be written over while it plays:
// a program whose code changes under it crashes. Only of the kinds that are loaded from their own
// file: a logic library is copied by whoever loads it, and a Faust program is only read.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "isolation/temporary_folder.h"
#include "plugin/source.h"

namespace patchpipe {

class PrivateCopy {
 public:
    /// plugin_path is what find_source() takes. Throws what it throws, and Error io.
    explicit PrivateCopy(const std::string& plugin_path);

    /// What to load: the copy, under the same name in a folder of its own, or the path that was
    /// given.
    [[nodiscard]] const std::string& path() const { return path_; }
    /// For LV2 plug-ins, whose paths are URIs: the folder with copies of their bundles, and with
    /// links to those of their presets (HostSettings::lv2_folder). Else empty.
    [[nodiscard]] const std::string& lv2_folder() const { return lv2_folder_; }

 private:
    [[nodiscard]] std::string copy(const std::string& plugin_path);
    [[nodiscard]] std::string copy_chain(const std::string& list);
    void copy_bundles();
    [[nodiscard]] std::filesystem::path folder();

    std::optional<TemporaryFolder> folder_;
    int copies_ = 0;
    std::vector<Source> lv2_plugins_;
    std::string lv2_folder_;
    std::string path_;
};

}  // namespace patchpipe
