// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The clock and the random numbers that a plug-in is shown. Many plug-ins seed their noise from the
// time of day or from the system's random numbers; to repeat, they must find the same ones in every
// run. Our functions of the C library's names come first in a plug-in's symbol look-up, because the
// host is the executable: time() and clock_gettime() in shown/clock.cpp, sleeping and waiting in
// shown/waits.cpp and shown/timers.cpp, getrandom() and the like in shown/random.cpp. Real time for
// ourselves is in real_time.h.
//
// The shown clock starts at the same moment in every process. It does not run by itself: it moves
// with the render's transport, with the time that a thread sleeps or waits, and by a microsecond
// each time a thread looks, so that a loop that waits for a time ends.
#pragma once

namespace patchpipe {

/// From here on this process shows that clock and those random numbers. Until then, and in a tool
/// that never calls this, they are real.
void show_host_clock();

/// Sets the clock and the calling thread's random numbers to where every job begins to load its
/// preset: one o'clock of 2020-01-01 UTC, an hour after the clock's own start. Where jobs share a
/// process it does not go back, but on to the hour after the next.
void start_host_clock();

/// Sets the clock to this many seconds after the start of the render, which is an hour after
/// the preset was loaded; but the calling thread's time never goes back.
void set_host_clock(double seconds);

/// True after show_host_clock().
[[nodiscard]] bool host_clock_is_shown();

}  // namespace patchpipe
