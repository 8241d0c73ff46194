// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The comment in an audio file: the ICMT entry of the LIST INFO chunk of a WAV file, the field
// COMMENT of the Vorbis comment in FLAC and Ogg.
#pragma once

#include <optional>
#include <string>

#include "audio/audio_format.h"

namespace patchpipe {

/// Returns nothing if the file has no comment, or cannot be read as one of that container.
[[nodiscard]] std::optional<std::string> audio_comment(const std::string& path,
                                                       AudioFormat::Container container);

}  // namespace patchpipe
