// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The clock that plug-ins are shown, for the functions that wait by it; shown/clock.h says how it
// runs.
#pragma once

#include <chrono>
#include <ctime>

namespace patchpipe {

/// What the calling thread is shown if it looks at this clock now.
[[nodiscard]] std::chrono::nanoseconds shown_time_of(clockid_t clock);
[[nodiscard]] std::chrono::nanoseconds real_time_of(clockid_t clock);

/// Lets time pass for the calling thread, which has slept, or waited in vain. Does nothing for a
/// negative time.
void pass(std::chrono::nanoseconds time);

/// No more than a hundred years: "for ever" is often written as the largest number that there is.
[[nodiscard]] std::chrono::nanoseconds nanoseconds_of(const timespec& time);
[[nodiscard]] timespec timespec_of(std::chrono::nanoseconds time);

/// A condition variable or a timer does not tell its clock; but times of day are later than 2020,
/// and the other clocks, which start with the process, are not.
[[nodiscard]] clockid_t clock_of(const timespec& deadline);

}  // namespace patchpipe
