// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tracks of a Standard MIDI File, each with all of its events in ticks. Not here: one list of
// what sounds, in seconds (midi_file.h).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "midi/chunks.h"

namespace patchpipe {

class MidiTracks {
 public:
    /// Holds the bytes of the file, at most largest_midi_file. Throws as read_midi_file() does.
    MidiTracks(std::string bytes, std::string path);

    [[nodiscard]] const MidiChunks& chunks() const { return chunks_; }
    [[nodiscard]] std::size_t size() const { return chunks_.tracks.size(); }

    /// Calls take with each event of the track: a channel message (running status resolved), a
    /// sysex from F0 to F7, or a meta event as FF, its type and its data, without their length.
    /// Returns the tick of the last event. Throws Error corrupt.
    using TakeEvent = std::function<void(std::int64_t tick, std::string_view bytes)>;
    std::int64_t read(std::size_t track, const TakeEvent& take) const;

 private:
    std::string bytes_, path_;
    MidiChunks chunks_;
};

}  // namespace patchpipe
