// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Recognises WAV and Ogg files of any origin that were cut short: libsndfile reads what is left of
// them without an error. Not here: FLAC and npy, whose readers report it.
#pragma once

#include <string>

namespace patchpipe {

/// Returns whether a WAV file has less than its data chunk announces, or an Ogg file does not end
/// with the last page of a stream; false for other files. Throws Error io.
[[nodiscard]] bool is_cut_audio(const std::string& path);

}  // namespace patchpipe
