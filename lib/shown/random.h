// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The random numbers that a plug-in gets instead of the system's; shown/clock.h says why and when.
#pragma once

namespace patchpipe {

/// Starts the calling thread's numbers again.
void start_random_numbers();

}  // namespace patchpipe
