// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The MIDI messages of a block as JUCE hands them to a plug-in. Only lib/juce knows it.
#pragma once

#include <juce_audio_basics/juce_audio_basics.h>

#include <span>

#include "render/processor.h"

namespace patchpipe {

/// Appends events, which are in order of their offsets. JUCE's own addEvent() looks for the place
/// of each from the first on, never ends where a message has 65,530 to 65,535 bytes, and leaves out
/// a longer one without a word: none may be longer than longest_block_event.
void append_events(std::span<const BlockEvent> events, juce::MidiBuffer& midi);

}  // namespace patchpipe
