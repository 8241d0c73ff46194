// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether a plug-in changed what may be done with memory. The kernel can tell only by listing all
// mappings, which takes longer than a short job.
#pragma once

namespace patchpipe {

/// True if mprotect() was called since the process started.
[[nodiscard]] bool protection_was_changed();

/// From now on false, until the next call.
void forget_changed_protection();

}  // namespace patchpipe
