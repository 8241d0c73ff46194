// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads a track chunk: messages, each with its tick. Only for lib/midi, which uses JUCE's messages;
// this header only declares them. Not here: how long a tick is (tick_clock.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace juce {
class MidiMessage;
}

namespace patchpipe {

/// Receives each message in turn, its time stamp in ticks from the beginning.
using TakeMessage = std::function<void(const juce::MidiMessage&)>;

/// Passes on channel messages (running status resolved), whole system-exclusive messages and meta
/// events, and returns the tick of the last event. Throws Error corrupt; path and number are for
/// its message.
double parse_midi_track(std::span<const std::uint8_t> track, const std::string& path,
                        std::size_t number, const TakeMessage& take);

}  // namespace patchpipe
