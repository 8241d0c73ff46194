// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// MIDI inputs of the system (ALSA's sequencer, JACK), through RtMidi.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "play/midi_port.h"
#include "record/record.h"

namespace patchpipe {

/// What the system has, as records: type, index, name, api.
[[nodiscard]] std::vector<Record> rtmidi_ports();

/// Opens the port with that index in rtmidi_ports(), or that name, or the only one with that text
/// in its name. Throws Error not-found, with the names that there are, and io.
[[nodiscard]] std::unique_ptr<MidiPort> rtmidi_port(const std::string& wanted);

}  // namespace patchpipe
