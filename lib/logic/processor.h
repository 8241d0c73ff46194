// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A logic library as a Processor. Not here: exchanging it for its next build while it plays.
#pragma once

#include <memory>

#include "plugin/opener.h"

namespace patchpipe {

/// As Opener::open(), for a source of this kind.
[[nodiscard]] std::unique_ptr<Processor> open_logic(const Source& source,
                                                    const BlockSettings& settings);

}  // namespace patchpipe
