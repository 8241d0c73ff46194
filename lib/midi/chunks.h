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

/// What a tick is: a part of a quarter note, or with an SMPTE division a part of a second.
struct MidiDivision {
    int ticks_per_quarter = 0;    ///< 0 with an SMPTE division
    double ticks_per_second = 0;  ///< 0 without one
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
