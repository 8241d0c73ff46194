// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a job's plug-ins are to play: a note, a MIDI file or an audio file, and the automation.
#pragma once

#include "isolation/handler.h"
#include "job/render_job.h"
#include "render/render.h"

namespace patchpipe {

/// The presets must be loaded, because the automation names parameters. The asker gives the MIDI
/// and audio files. Throws Error.
[[nodiscard]] Score job_score(const RenderJob& job, Processor& processor, Asker& asker);

}  // namespace patchpipe
