// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Recognises WAV, RF64, W64, AIFF, Ogg and MP3 files of any origin that were cut short: libsndfile
// reads what is left of them without an error. Not here: FLAC and npy, whose readers report it.
#pragma once

#include <string>

namespace patchpipe {

/// Returns whether a file has less than its chunk of samples announces, an Ogg file does not end
/// with the last page of a stream, or an MP3 file has less than its first frame says; false for
/// other files and for MP3 files that do not say it. Throws Error io.
[[nodiscard]] bool is_cut_audio(const std::string& path);

}  // namespace patchpipe
