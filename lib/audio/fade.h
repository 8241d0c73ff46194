// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The gain of a fade, in the shapes of REAPER's items: FADEIN and FADEOUT in a project, which say a
// shape (field 1) and a curvature (field 6), C_FADEINSHAPE and D_FADEINDIR in ReaScript.
//
// REAPER's own formulas are not public. Those here were found from its output by cohler and ErBird
// (Cockos' forum, threads 262260 and 2522735).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace patchpipe {

/// The shapes 0 to 7: linear, fast-start, fast-end, fast-start-steep, fast-end-steep, smooth,
/// smooth-steep, equal-power. REAPER's menu shows the first seven. A project of its version 7
/// writes smooth-steep as 5.1 and equal-power as 1.1.
inline constexpr int fade_shapes = 8;

/// The gain of a fade-in, 0 to 1, at a position from its beginning (0) to its end (1); positions
/// outside are moved to the nearer end. The curvature, -1 to 1, bends the shape: upwards below 0,
/// downwards above. Throws std::invalid_argument for another shape or curvature, and for a position
/// that is NaN.
[[nodiscard]] double fade_gain(int shape, double curvature, double position);

/// The gain of a fade-out, 1 to 0: the fade-in with the opposite curvature, backwards, as REAPER
/// defines it. With the opposite curvature it mirrors the fade-in.
[[nodiscard]] double fade_out_gain(int shape, double curvature, double position);

/// The curvature that REAPER gives to a new fade-in of that shape. For a fade-out it is the
/// opposite.
[[nodiscard]] double default_curvature(int shape);

/// The names of the shapes, in order.
[[nodiscard]] const std::vector<std::string_view>& fade_names();

/// The shape of that name or number ("0" to "7", "1.1", "5.1"); nothing for any other text.
[[nodiscard]] std::optional<int> fade_named(std::string_view text);

}  // namespace patchpipe
