// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Encodes AAC in MP4, an .m4a file, with ffmpeg in its sandbox (ffmpeg.h). It needs all of the
// audio at once, and cannot run within the sandbox of a plug-in: there the audio is first written
// as pcm_for_aac() says.
#pragma once

#include <string>

#include "audio/audio_format.h"

namespace patchpipe {

/// What encode_aac() reads instead of a file of that format: RF64 in 24 bits, which clips. Throws
/// Error unsupported for more than eight channels.
[[nodiscard]] AudioFormat pcm_for_aac(AudioFormat format);

/// Writes a whole file with the samples and tags of another. Both are regular files that stay the
/// caller's; name is for messages. format has its channels and its bitrate, which without one is 96
/// kbit/s for each channel. Throws Error not-found without ffmpeg, and unsupported with what it
/// says.
void encode_aac(int pcm, int target, const AudioFormat& format, const std::string& name);

}  // namespace patchpipe
