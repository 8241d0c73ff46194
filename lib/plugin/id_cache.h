// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The ids of plug-ins, for which they have to be loaded, kept in the user's cache folder: an entry
// for each plug-in, which holds as long as its files are the same by their times and sizes, and may
// be deleted at any time.
#pragma once

#include <optional>
#include <string>

#include "plugin/source.h"

namespace patchpipe {

/// The id that was kept for a plug-in. circumstances is any text that says how it is loaded: what
/// it may read can change its id. Empty unless the files and the circumstances are the same as
/// then, and for an entry that is damaged, another version's, or that others than the user may have
/// written.
[[nodiscard]] std::optional<std::string> kept_plugin_id(const Source& source,
                                                        const std::string& circumstances);

/// Keeps it. What cannot be written is not kept.
void keep_plugin_id(const Source& source, const std::string& circumstances, const std::string& id);

}  // namespace patchpipe
