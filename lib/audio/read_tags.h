// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads the tags of audio files of any origin: WAV (also big-endian), RF64, W64, AIFF, FLAC, Ogg
// Vorbis, Opus and MP3. Work and memory are bounded whatever the file says.
#pragma once

#include <optional>
#include <string>

#include "audio/audio_format.h"
#include "audio/audio_tags.h"

namespace patchpipe {

/// The tags of an open regular file, whose position does not move; none for a file of another kind,
/// such as npy. Text that is not UTF-8 is read as Latin-1. What is damaged is left out, and so are
/// pictures, and what is behind the first megabyte of a chunk. Throws Error io; name is for its
/// message.
[[nodiscard]] AudioTags read_audio_tags(int fd, const std::string& name);

/// The comment alone. Returns nothing without one, or if the file begins as one of another
/// container or cannot be read.
[[nodiscard]] std::optional<std::string> audio_comment(const std::string& path,
                                                       AudioFormat::Container container);

}  // namespace patchpipe
