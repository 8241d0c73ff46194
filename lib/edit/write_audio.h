// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes a source to an audio file.
#pragma once

#include <string>

#include "audio/audio_format.h"
#include "audio/meter.h"
#include "edit/audio_source.h"
#include "file/whole_file.h"

namespace patchpipe {

/// Writes all of the audio, in a format whose channels, sample_rate and frames are set here. In 16
/// and 24 bits every sample is rounded once, from double precision, to the nearest step. dither
/// adds noise with a triangular distribution, a step wide to both sides, before that: the same
/// noise in every file. Returns the measures of the float32 samples before they were rounded.
/// Throws what WholeFile, AudioWriter and reading throw, and Error non-finite for a sample that is
/// NaN or infinite; there is then no file.
Meter write_audio(AudioSource& audio, const std::string& path, AudioFormat format, bool dither,
                  Sync sync);

/// Whether files of that container have a depth.
[[nodiscard]] bool has_depth(AudioFormat::Container container);

}  // namespace patchpipe
