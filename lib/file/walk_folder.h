// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds files in a folder by their names alone. Not here: opening one.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace patchpipe {

/// What a walk calls.
struct WalkEvents {
    std::function<bool(std::string_view name)> wanted;  // of a file, without its folder
    std::function<void(const std::string& path)> found;
    std::function<void(const Error& error)> failed;  // something was skipped; the walk goes on
};

/// Which folders inside the folder are entered.
struct WalkDepth {
    bool recursive = true;
    bool follow_links = false;  ///< also those that links lead to
};

/// The error for a path that a record cannot hold.
[[nodiscard]] Error not_utf8(std::string_view path);

/// Reports every regular file in the folder that is wanted, and below it if recursive, as folder +
/// "/" + name. Names come in byte order, folder by folder, so that paths are sorted component by
/// component. The folder itself and files may be links. No folder is entered twice, whatever links
/// lead to it. Reports as failed a folder that cannot be read, a wanted file whose link leads
/// nowhere, and a wanted file or a folder whose name is not UTF-8.
void walk_folder(const std::string& folder, const WalkDepth& depth, const WalkEvents& events);

}  // namespace patchpipe
