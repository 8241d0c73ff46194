// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The synths of Corners.lv2 that look at what a host shows in place of the system: clock, waits,
// random numbers and processors. What they find is on standard error.
#pragma once

#include "corners.h"

namespace patchpipe {

/// Plays only if every function that waits for 5 ms lets 5 ms pass on the clock.
class WaitsCorner : public Corner {
 public:
    using Corner::Corner;

 private:
    bool ready() override;
};

/// Plays only if waits with a deadline at the end of time hear what comes before it.
class FarCorner : public Corner {
 public:
    using Corner::Corner;

 private:
    bool ready() override;
};

/// Plays only if a wait that a signal interrupts is not over, and ends though many come.
class SignalsCorner : public Corner {
 public:
    using Corner::Corner;

 private:
    bool ready() override;
};

}  // namespace patchpipe
