// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether what a loaded logic library says of itself makes sense.
#pragma once

#include <string>

#include "logic/logic.h"

namespace patchpipe {

/// Channels, parameters and meters that a library may have at most.
inline constexpr std::uint32_t most_logic_channels = 256, most_logic_parameters = 65536,
                               most_logic_meters = 65536;

/// Throws Error plugin-load, about the library at that path, with the first thing that is wrong.
void check_logic(const patchpipe_logic& logic, const std::string& path);

}  // namespace patchpipe
