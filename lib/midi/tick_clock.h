// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Converts the ticks of a file to seconds and quarter notes, along its tempo changes. Only for
// lib/midi. Not here: from seconds to quarter notes (time_map.h).
#pragma once

#include "midi/chunks.h"

namespace patchpipe {

/// Ticks count from the beginning. No tick that is asked for, and no tempo, may come before the
/// last tempo set. Until one is set the tempo is 120 bpm. With an SMPTE division a tempo changes
/// the quarter notes only.
class TickClock {
 public:
    explicit TickClock(const MidiDivision& division);

    [[nodiscard]] double seconds_at(double tick) const {
        return seconds_ + (tick - tick_) * unit_seconds_ / division_.ticks;
    }
    [[nodiscard]] double quarters_at(double tick) const {
        return quarters_ + (tick - tick_) * unit_quarters_ / division_.ticks;
    }
    /// Sets the tempo from this tick on. At 0 seconds a quarter note no time passes.
    void set_tempo(double tick, double seconds_per_quarter);

 private:
    MidiDivision division_;
    double unit_seconds_ = division_.seconds, unit_quarters_ = 1;  // of division_.ticks ticks
    double tick_ = 0, seconds_ = 0, quarters_ = 0;
};

}  // namespace patchpipe
