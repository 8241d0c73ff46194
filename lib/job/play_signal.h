// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Plays a signal through an open processor for a measurement. In the process with the plug-in; what
// the answer means is found out in the tool (measurer.h).
#pragma once

#include "isolation/handler.h"
#include "job/job_sound.h"
#include "record/record.h"
#include "render/processor.h"

namespace patchpipe {

/// Loads the request's sound and plays what it says (plugin_requests.h). Writes the samples to the
/// request's file as they come, in float, interleaved. Returns the fields of the answer: status,
/// channels, latency_frames, least_ns and median_ns for a frame, and calls, a list of {"function",
/// "kind", "count"}. Throws Error.
[[nodiscard]] Record play_signal(Processor& processor, StateWatches& states,
                                 const BlockSettings& settings, const Record& request,
                                 Asker& asker);

}  // namespace patchpipe
