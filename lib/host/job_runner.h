// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One job on an open instrument: load the preset, render into the file, measure, report.
#pragma once

#include <string>

#include "host/channel.h"
#include "host/instrument.h"
#include "host/render.h"
#include "host/render_job.h"

namespace patchpipe {

/// Runs the job and returns the fields of its result as a JSON object: status, frames, channels,
/// peak and so on. The phases are noted on the board. audio_stdout is the descriptor that
/// /dev/stdout means to the user. Throws Error, and then no file is under its final name.
[[nodiscard]] std::string run_job(Instrument& instrument, const RenderJob& job, SharedBoard& board,
                                  int audio_stdout);

/// Renders the probe from the instrument's present state; the fields are status and audio_hash.
[[nodiscard]] std::string run_probe(Instrument& instrument, const BlockSettings& settings,
                                    SharedBoard& board);

}  // namespace patchpipe
