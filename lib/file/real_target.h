// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a path leads on this system. Not here: paths by their text alone (absolute.h).
#pragma once

#include <string>

namespace patchpipe {

/// The absolute path of the file that this path opens or would make, with all symbolic links
/// resolved, the last one too. Folders and the file may be missing. Throws Error io if a part
/// cannot be examined, is a link that leads nowhere, or is ".." in a folder that is missing.
[[nodiscard]] std::string real_target(const std::string& path);

}  // namespace patchpipe
