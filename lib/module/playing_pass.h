// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rows of a module as they are played, once from the beginning to the end, with their true
// times: all that changes them, such as tempos, delays, jumps and loops, is libopenmpt's doing. Not
// here: what the rows make channels play (module_notes.h).
#pragma once

#include <cstdint>
#include <vector>

#include "module/module_file.h"

namespace patchpipe {

struct PlayedRow {
    ModulePlace place;
    std::int64_t frame = 0, frames = 0;  ///< when it begins, and how long it is
    int speed = 6;                       ///< its ticks, when it begins
    int tempo = 125;                     ///< 2.5 / tempo seconds is the length of a tick, usually
    int ticks = 6;                       ///< all of them, with those of repeats by a delay
    /// Of each channel the volume of ModuleFile::level(), in 127ths: when the row begins, and the
    /// highest in the row.
    std::vector<std::uint8_t> first = {}, highest = {};
};

struct PlayedModule {
    int sample_rate = 44100;
    std::int64_t frames = 0;
    std::vector<PlayedRow> rows = {};
    std::vector<double> panning = {};  ///< of the channels at the beginning, -1 to 1

    [[nodiscard]] double seconds(std::int64_t frame) const {
        return static_cast<double>(frame) / sample_rate;
    }
};

/// Plays the module from where it is to its end. A tick has a whole number of frames, so that times
/// depend a little on the rate: those of one rate are exact for it. scout is the same module at the
/// same place, and is played ahead. For each of longest seconds the rows may have cells_a_second
/// cells, one for each channel, which is far more than people write: throws Error unsupported for
/// more.
[[nodiscard]] PlayedModule play_rows(ModuleFile& module, ModuleFile scout, int sample_rate,
                                     double longest);
inline constexpr double cells_a_second = 600;

/// Makes every row that long, whatever the module says.
void set_row_length(PlayedModule& played, double row_ms);

}  // namespace patchpipe
