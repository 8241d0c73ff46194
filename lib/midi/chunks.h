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

/// The length of a tick: `ticks` of them make a quarter note, or with an SMPTE division that many
/// seconds. Both are whole numbers so that times stay exact: 30000/1001 has no exact decimal.
struct MidiDivision {
    int ticks = 0;    // at least 1
    int seconds = 0;  // 0 for a quarter note, else 1 or 1001
};

struct MidiChunks {
    MidiDivision division;
    int type = 0;                                       ///< 0 or 1
    std::uint16_t division_word = 0;                    ///< the division as it is in the header
    std::vector<std::span<const std::uint8_t>> tracks;  ///< within the file's bytes
};

/// Returns as many tracks as the header announces. Chunks of other kinds are skipped, and so is
/// everything after the last track. Throws Error corrupt with the defect, and unsupported for type
/// 2. path is for messages.
[[nodiscard]] MidiChunks parse_midi_chunks(std::span<const std::uint8_t> file,
                                           const std::string& path);

}  // namespace patchpipe
