// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Audio that libsndfile does not read and ffmpeg does, in its sandbox (ffmpeg.h): AAC in MP4 and in
// ADTS, and WavPack. Only for lib/audio.
#pragma once

#include <string>

#include "base/descriptor.h"

namespace patchpipe {

/// True if the file begins as such a file does, whatever its name. Of MP4 ISO/IEC 14496-12, of ADTS
/// ISO/IEC 14496-3, 1.A.2, with or without an ID3v2 tag before it, and of WavPack its file format.
[[nodiscard]] bool is_foreign_audio(int fd);

/// Returns a file without a name, at its beginning, with the first sound of a foreign file in
/// floats and its tags, as WAV, or RF64 from 4 GiB on. The last few are kept, up to 1 GiB of them,
/// and decoded once. name is for messages. Throws Error unsupported for what ffmpeg cannot decode
/// in 3 GiB of memory into 8 GiB, timeout after ten minutes, not-found without ffmpeg, and io.
[[nodiscard]] Descriptor decode_foreign(int fd, const std::string& name);

}  // namespace patchpipe
