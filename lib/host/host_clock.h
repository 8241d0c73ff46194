// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The clock that JUCE's VST2 host shows to a plug-in. JUCE stamps every block with the time of day,
// which leaks into an offline render; the linker turns its gettimeofday() to this one instead.
#pragma once

namespace patchpipe {

/// The time that is shown from here on: seconds since the start of the render.
void set_host_clock(double seconds);

}  // namespace patchpipe
