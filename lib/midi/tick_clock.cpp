// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "midi/tick_clock.h"

namespace patchpipe {

void TickClock::set_tempo(double tick, double seconds_per_quarter) {
    seconds_ = seconds_at(tick);
    ppq_ = ppq_at(tick);
    tick_ = tick;
    if (division_.ticks_per_quarter > 0) {
        quarters_per_tick_ = 1.0 / division_.ticks_per_quarter;
        seconds_per_tick_ = seconds_per_quarter / division_.ticks_per_quarter;
    } else {
        seconds_per_tick_ = 1 / division_.ticks_per_second;
        if (seconds_per_quarter > 0) quarters_per_tick_ = seconds_per_tick_ / seconds_per_quarter;
    }
}

}  // namespace patchpipe
