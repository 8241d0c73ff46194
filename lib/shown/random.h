// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The random numbers that a plug-in is shown in place of the system's; shown/clock.h says why and
// when.
#pragma once

namespace patchpipe {

/// The calling thread's numbers start again.
void start_random_numbers();

}  // namespace patchpipe
