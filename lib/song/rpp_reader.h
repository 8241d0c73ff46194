// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads REAPER's files as song records: projects, of which a file may have several, track
// templates and chains of effects. patchpipe-song(5) is about the records. A block's own lines are
// looked through before the block is read, so that a record has all its keys wherever they are;
// every line is looked at a few times and none is kept. Not here: MIDI files (midi_reader.h).
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "song/line_source.h"
#include "song/raw_lines.h"

namespace patchpipe {

struct SongReadOptions {
    bool only_known = false;            ///< without raw records
    std::optional<std::string> states;  ///< a folder for the states of effects
    /// Whether the events, state or points of what has that id are wanted; if empty, all are.
    std::function<bool(const std::string& id)> has_details = {};
};

/// True if a file that begins so is one of REAPER's.
[[nodiscard]] bool is_rpp(std::string_view head);

/// Writes the records of the file. What is wrong in it becomes error records with the line's
/// number, and the rest is read. Throws Error io for the file itself and for the states' folder.
void read_rpp(LineSource& source, const std::string& path, const SongReadOptions& options,
              const WriteLine& write);

}  // namespace patchpipe
