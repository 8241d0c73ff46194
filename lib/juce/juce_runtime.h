// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// JUCE in this process: its message thread, its message queue, and what fork() does to them.
#pragma once

namespace patchpipe {

/// Makes the calling thread JUCE's message thread. Once a process, before any plug-in is opened.
void start_juce();

/// Runs the messages and timer callbacks that wait. Returns when there are none, or after 1,000.
void pump_messages();

}  // namespace patchpipe
