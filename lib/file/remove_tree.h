// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace patchpipe {

/// Removes the folder and everything in it: however deep, with folders in it that nobody may enter,
/// in a time that grows with their number only. Follows no link. Returns false if something is
/// left, as when a process still writes there.
[[nodiscard]] bool remove_tree(const std::string& folder);

/// The same for a folder in the one that is open as parent.
[[nodiscard]] bool remove_tree_at(int parent, const std::string& name);

}  // namespace patchpipe
