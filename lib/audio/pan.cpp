// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/pan.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace patchpipe {

PanGains pan_gains(PanLaw law, double pan) {
    if (law == PanLaw::balance) return {std::min(1.0, 1 - pan), std::min(1.0, 1 + pan)};
    // The cosine of what a double has for 90 degrees is not quite 0.
    if (std::abs(pan) == 1) return {pan < 0 ? 1.0 : 0.0, pan < 0 ? 0.0 : 1.0};
    const double angle = (pan + 1) * (std::numbers::pi / 4);
    return {std::cos(angle), std::sin(angle)};
}

}  // namespace patchpipe
