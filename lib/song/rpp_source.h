// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What plays in a take: the lines of a <SOURCE block. Only for lib/song. Not here: a source's MIDI
// events (rpp_midi.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "song/rpp_reading.h"

namespace patchpipe {

struct TakeSource {
    std::string format;  ///< WAVE, FLAC, MIDI and so on; of a section, that of what it is cut from
    std::string path, pool;
    bool section = false, offline = false;
    double section_length = 0, section_start = 0, section_mode = 0;
    double ticks_per_beat = 960;
    double own_bpm = 0;      ///< 0 if the project's tempo counts
    std::int64_t ticks = 0;  ///< of a MIDI source: where its last event is

    [[nodiscard]] bool is_midi() const { return format == "MIDI" || format == "MIDIPOOL"; }
    [[nodiscard]] bool reversed() const { return section && section_mode >= 2; }
    /// The value of the key "source".
    [[nodiscard]] std::string json() const;
};

/// Takes the lines of one SOURCE block, and of a source within it.
class SourceLook {
 public:
    /// The line that opens the block, or one within it; below is 0 for the first.
    void take(std::size_t below, const RppLine& line);
    [[nodiscard]] const TakeSource& source() const { return source_; }

 private:
    TakeSource source_;
    RppFields fields_;
};

/// True for a line that SourceLook understands, but for those of events and of blocks.
[[nodiscard]] bool is_source_line(const RppLine& line);

/// The ticks of an event's line, and false if the line is none: "E 480 90 3c 60" and "<X 120 0".
[[nodiscard]] bool is_midi_line(const RppLine& line, std::int64_t& ticks);

}  // namespace patchpipe
