// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a position between left and right does to the level of either side.
#pragma once

namespace patchpipe {

enum class PanLaw {
    /// REAPER's default for a new project (PANMODE 3, PANLAW 1): one side becomes softer, in
    /// proportion to the way from the centre, and neither becomes louder. 0 dB in the centre.
    balance,
    /// The sine and cosine of an angle from 0 to 90 degrees: the power of both sides together is
    /// the same everywhere. -3.01 dB in the centre, 0 dB at either end.
    constant_power,
};

struct PanGains {
    double left, right;  ///< linear
};

/// pan is -1, all left, to 1, all right.
[[nodiscard]] PanGains pan_gains(PanLaw law, double pan);

}  // namespace patchpipe
