// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "midi/tick_clock.h"

namespace patchpipe {

TickClock::TickClock(const MidiDivision& division) : division_(division) { set_tempo(0, 0.5); }

void TickClock::set_tempo(double tick, double seconds_per_quarter) {
    seconds_ = seconds_at(tick);
    quarters_ = quarters_at(tick);
    tick_ = tick;
    if (division_.seconds == 0)
        unit_seconds_ = seconds_per_quarter;
    else if (seconds_per_quarter > 0)
        unit_quarters_ = division_.seconds / seconds_per_quarter;
}

}  // namespace patchpipe
