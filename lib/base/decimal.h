// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Undoes the rounding of a number that somebody wrote and that went through a scale and back.
#pragma once

namespace patchpipe {

/// The shortest decimal number, of up to 15 digits, that is as near to the value; the value itself
/// if there is none.
[[nodiscard]] double decimal_near(double value, double within);

}  // namespace patchpipe
