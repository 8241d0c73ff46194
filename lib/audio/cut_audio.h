// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Recognises WAV, RF64, W64, AIFF, Ogg and MP3 files of any origin that were cut short: libsndfile
// reads what is left of them without an error. So it does with the first of several Ogg streams one
// after the other. Not here: FLAC and npy, whose readers report it.
#pragma once

#include <optional>
#include <string>

namespace patchpipe {

/// Returns whether a file has less than its chunk of samples announces, an Ogg file does not end
/// with the last page of a stream, or an MP3 file has less than its first frame says; false for
/// other files and for MP3 files that do not say it. Throws Error io.
[[nodiscard]] bool is_cut_audio(const std::string& path);

/// Says why a reader reads less than it should without an error, in words that follow the file's
/// name: it is cut, or an Ogg file with further streams behind its first. Nothing for a pipe, in
/// which a length may have been stated before it was known. Throws Error io.
[[nodiscard]] std::optional<std::string> why_not_all_is_read(const std::string& path);

/// Throws Error corrupt for such a file, and io.
void refuse_unless_all_is_read(const std::string& path);

}  // namespace patchpipe
