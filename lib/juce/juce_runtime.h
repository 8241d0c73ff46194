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

/// Call first in a forked child. JUCE's queue wakes its loop through a socket pair, which parent
/// and children would share; so does that of every plug-in with a JUCE of its own. Each gets a pair
/// of its own (inner_pipes.h).
void own_message_queue();

}  // namespace patchpipe
