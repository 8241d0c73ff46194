// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Undoes the rounding of a number that somebody wrote and that went through a scale and back.
#pragma once

namespace patchpipe {

/// The decimal number with the fewest digits, at most 15, whose distance from the value is at most
/// `within`; the value itself where no such number exists.
[[nodiscard]] double decimal_near(double value, double within);

}  // namespace patchpipe
