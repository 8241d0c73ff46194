// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The first sounds of a processor that has just been opened, which nobody hears.
#pragma once

#include "render/processor.h"

namespace patchpipe {

/// Plays a short note, which makes a synth build its tables once for all jobs (Serum 2's first
/// render is ten times too loud without), and then silence until the note has died away, for five
/// seconds at most. settings are those that the processor was prepared with.
void warm_up(Processor& processor, const BlockSettings& settings);

}  // namespace patchpipe
