// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The comment in an audio file; in a WAV file it is the ICMT entry of the LIST INFO chunk.
#pragma once

#include <optional>
#include <string>

namespace patchpipe {

/// Returns nothing if the file has no comment, or cannot be read as a WAV file.
[[nodiscard]] std::optional<std::string> audio_comment(const std::string& path);

}  // namespace patchpipe
