// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The threads that a plug-in has started: how to wait until they have finished what the plug-in
// gave them to do, and how much that was. JUCE's hosting has threads as well; they do not count.
// All times are real, whatever clock a plug-in is shown.
#pragma once

#include <chrono>

#include "base/real_time.h"

namespace patchpipe {

/// True if threads of the plug-in are running in this process.
[[nodiscard]] bool has_plugin_threads();

/// True if a thread of the plug-in is at work at this moment.
[[nodiscard]] bool plugin_threads_work();

/// Waits until the plug-in's threads have slept for 24 ms, but not beyond the given time, nor
/// beyond set_last_wait(); returns at once if there are none. Threads that use less than a tenth of
/// a processor count as asleep: many plug-ins have one that looks for work now and then. Returns
/// false if they were still at work in the end.
bool wait_for_plugin_threads(RealClock::time_point until);

/// No wait goes on beyond this time: what loads or renders has to be done before its own is up.
void set_last_wait(RealClock::time_point until);

/// The processor time that the plug-in's threads have used in this process, those that have ended
/// among them. The thread that JUCE's plug-ins have for their window does not count.
[[nodiscard]] std::chrono::nanoseconds time_of_plugin_threads();

/// Call in a forked child, which has none of its parent's threads.
void forget_plugin_threads();

}  // namespace patchpipe
