// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The clock that plug-ins see, for the functions that wait; shown/clock.h says how it moves.
#pragma once

#include <chrono>
#include <ctime>

namespace patchpipe {

/// The time that the calling thread sees if it reads this clock now.
[[nodiscard]] std::chrono::nanoseconds shown_time_of(clockid_t clock);
[[nodiscard]] std::chrono::nanoseconds real_time_of(clockid_t clock);

/// Moves the clock on for the calling thread, which has slept or has waited until a timeout. Does
/// nothing for a negative time.
void pass(std::chrono::nanoseconds time);

/// Limited to a hundred years, because "for ever" is often written as the largest number.
[[nodiscard]] std::chrono::nanoseconds nanoseconds_of(const timespec& time);
[[nodiscard]] timespec timespec_of(std::chrono::nanoseconds time);

/// Guesses the clock of a deadline, which a condition variable or a timer does not tell: times of
/// day are later than 2020, and those of the other clocks, which start with the process, are not.
[[nodiscard]] clockid_t clock_of(const timespec& deadline);

}  // namespace patchpipe
