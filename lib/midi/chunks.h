// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The outer shape of a Standard MIDI File (RP-001): a header chunk, then track chunks, each with
// four letters and a big-endian length of 32 bits in front. Not here: what is in a track.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace patchpipe {

/// What a tick is: that many fill a quarter note, or with an SMPTE division that many seconds. They
/// are whole numbers so that times stay exact: 30000/1001 frames a second is no decimal.
struct MidiDivision {
    int ticks = 0;
    int seconds = 0;  // 0: a quarter note
};

struct MidiChunks {
    MidiDivision division;
    std::vector<std::span<const std::uint8_t>> tracks;  ///< within the file's bytes
};

/// As many tracks as the header announces; chunks of other kinds are passed over, and so is what
/// follows the last track. Throws Error corrupt with the defect, and unsupported for type 2. path
/// is for messages.
[[nodiscard]] MidiChunks find_midi_chunks(const std::string& path,
                                          std::span<const std::uint8_t> file);

}  // namespace patchpipe
