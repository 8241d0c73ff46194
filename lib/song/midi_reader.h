// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads a Standard MIDI File of type 0 or 1 as song records. The file is held in memory, its events
// are not.
#pragma once

#include <string>
#include <string_view>

#include "song/raw_lines.h"

namespace patchpipe {

/// True if a file that begins so is a MIDI file.
[[nodiscard]] bool is_midi(std::string_view head);

/// Writes the records of the file. Throws Error not-found, io, corrupt or unsupported; a track that
/// is damaged becomes an error record, and the others are read.
void read_midi(const std::string& file, const std::string& path, const WriteLine& write);

}  // namespace patchpipe
