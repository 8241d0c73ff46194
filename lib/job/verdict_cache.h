// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Verdicts of plugin-probe --certify, kept for render-one: the isolation that a plug-in can be
// trusted with. They lie in $XDG_CACHE_HOME/patchpipe/verdicts (~/.cache/patchpipe/verdicts), a
// file for each, and may be deleted at any time.
//
// An entry belongs to one plug-in, by source_hash() (plugin/source.h), and to one version of
// patchpipe: a plug-in that is updated, or another way to host it, has to be certified anew. Sample
// rate and block size do not matter: threads and leftovers, which decide, exist at every rate.
#pragma once

#include <optional>
#include <string>

#include "job/isolation.h"

namespace patchpipe {

/// The verdict that was kept; empty if the entry is missing, damaged or cannot be read.
[[nodiscard]] std::optional<Verdict> cached_verdict(const std::string& plugin_hash);

/// Throws Error io if the entry cannot be written, or if neither XDG_CACHE_HOME nor HOME names a
/// folder for it.
void keep_verdict(const std::string& plugin_hash, const Verdict& verdict);

}  // namespace patchpipe
