// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The comment in a WAV file: the ICMT entry of its LIST INFO chunk.
#pragma once

#include <optional>
#include <string>

namespace patchpipe {

/// Nothing if the file has none, or is no WAV file that can be read.
[[nodiscard]] std::optional<std::string> wav_comment(const std::string& path);

}  // namespace patchpipe
