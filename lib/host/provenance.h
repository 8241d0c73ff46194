// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What made an audio file: a line of JSON that goes into the file's comment, so that a later run
// can tell whether it would make the same file again.
#pragma once

#include <string>

#include "host/render_job.h"

namespace patchpipe {

/// The hashes of the preset, state or MIDI file and of the plug-in, and the settings that the audio
/// depends on. No paths: the same contents elsewhere make the same file. isolation is "reuse" for
/// a render that others may have coloured, else empty. Throws Error not-found, unsupported or io.
[[nodiscard]] std::string provenance(const RenderJob& job, const std::string& plugin_hash,
                                     const std::string& isolation);

/// True if the file at job.output_path was made from just that. A container that has no place for
/// it (npy) is taken at its name.
[[nodiscard]] bool is_made_from(const RenderJob& job, const std::string& provenance);

}  // namespace patchpipe
