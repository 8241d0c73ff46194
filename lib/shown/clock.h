// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The clock and the random numbers that a plug-in sees. Many plug-ins seed their noise from the
// time of day or from the system's random numbers; to repeat, they must get the same ones in every
// run. A plug-in's symbols are looked up in the executable first, so our functions replace those of
// the C library with the same names: time() and clock_gettime() in shown/clock.cpp, sleeping and
// waiting in shown/waits.cpp and shown/timers.cpp, getrandom() and the like in shown/random.cpp.
// Our own code takes real time from base/real_time.h.
//
// The shown clock starts at the same moment in every process. It does not run by itself: it moves
// with the render's transport, with the time that a thread sleeps or waits, and by a microsecond
// whenever a thread reads it, so that a loop that waits for a certain time ends.
#pragma once

namespace patchpipe {

/// From this call on the process shows that clock, those random numbers and one processor. Before
/// it, and in a tool that never calls it, all of them are real.
void show_host_clock();

/// Sets the clock and the calling thread's random numbers to the state in which every job begins to
/// load its preset: one o'clock on 2020-01-01 UTC, an hour after the clock's own start. If jobs
/// share a process, the clock does not go back but forward, to the hour after the next.
void start_host_clock();

/// Sets the clock to this many seconds after the start of the render, which is an hour after
/// the preset was loaded; but the calling thread's time never goes back.
void set_host_clock(double seconds);

/// True after show_host_clock().
[[nodiscard]] bool host_clock_is_shown();

}  // namespace patchpipe
