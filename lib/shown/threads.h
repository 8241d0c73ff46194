// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The threads that a plug-in has started: waits until they have finished their work, and measures
// how much that was. The threads of JUCE's hosting do not count. All times are real, whatever clock
// the plug-in sees.
#pragma once

#include <chrono>

#include "base/real_time.h"

namespace patchpipe {

/// True if threads of the plug-in are running in this process.
[[nodiscard]] bool has_plugin_threads();

/// True if a thread of the plug-in is working at this moment, other than its window's.
[[nodiscard]] bool plugin_threads_work();

/// Waits until the plug-in's threads have slept for 24 ms, but not beyond the given time or that of
/// set_last_wait(); returns at once if there are no threads. Threads that use less than a tenth of
/// a processor count as asleep, because many plug-ins have one that looks for work now and then.
/// Returns false if they were still working at the end.
bool wait_for_plugin_threads(RealClock::time_point until);

/// No wait goes beyond this time, so that waiting cannot use up a job's time limit.
void set_last_wait(RealClock::time_point until);

/// The processor time that the plug-in's threads have used in this process, including those that
/// have ended. The thread that JUCE's plug-ins have for their window does not count.
[[nodiscard]] std::chrono::nanoseconds time_of_plugin_threads();

/// Call this in a forked child, which does not inherit its parent's threads.
void forget_plugin_threads();

}  // namespace patchpipe
