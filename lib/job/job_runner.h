// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One job on an open processor: load the preset, render into the file, measure, report.
#pragma once

#include "isolation/handler.h"
#include "job/job_sound.h"
#include "render/processor.h"
#include "render/render.h"

namespace patchpipe {

/// Renders and drops the result. The clock that the plug-in is shown follows the transport.
void render_quietly(Processor& processor, const Score& score, const BlockSettings& settings);

/// Runs the job and returns the fields of its result: status, frames, channels, peak and so on;
/// "unchanged" is among them if the preset changed nothing, which is an Error preset-rejected if
/// the job requires a change. If it saves a preset, nothing is rendered and the preset is written;
/// the fields are then status, unchanged and plugin. The file is opened after the preset is loaded;
/// the asker gives it its name. Throws Error.
[[nodiscard]] Record run_job(Processor& processor, StateWatches& states, const RenderJob& job,
                             Asker& asker);

/// Plays what the fields of probe say (plugin_requests.h). The result's fields are status,
/// audio_hash and thread_ms.
[[nodiscard]] Record run_probe(Processor& processor, StateWatches& states,
                               const BlockSettings& settings, Asker& asker, const Record& probe);

/// Only loads the job's presets and states, and sets its parameters. The result's fields are status
/// and thread_ms.
[[nodiscard]] Record run_load(Processor& processor, StateWatches& states, const RenderJob& job,
                              Asker& asker);

}  // namespace patchpipe
