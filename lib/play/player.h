// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Plays a plug-in live: events from standard input, audio to a device, and a record for everything
// that happens.
//
// The plug-in plays in an isolated process (play_handler.h), so that its crash is an error record.
// The device, the files and standard input stay in this one: a plug-in's sandbox allows none of
// them, and the device goes on when the plug-in does not. Between the two are rings in shared
// memory (play_link.h), so that the thread of the audio never waits for either.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "job/plugin_host.h"
#include "play/device.h"
#include "play/midi_port.h"
#include "play/reloader.h"

namespace patchpipe {

struct PlayerSettings {
    HostSettings host;
    std::optional<ReloadSettings> reload;  ///< if other builds of the plug-in follow
    Record sound{"{}"};                    ///< preset_path, program: as in a job
    std::optional<double> seconds;         ///< after which it ends; else when all events are played
    double tail = 1;                       ///< seconds, behind the last event
    int buffers = 3;                       ///< blocks that are rendered ahead
    bool read_ahead = false;               ///< time goes on only as far as the events are known
    bool capture = false;                  ///< the plug-in hears the device
    std::optional<std::string> input_path;  ///< or this file
    bool loop_input = false;
    std::optional<std::string> midi_path;  ///< is played too
    bool loop_midi = false;                ///< without end
    /// Opens the MIDI port whose messages are played too. Null if no port is wanted.
    std::function<std::unique_ptr<MidiPort>()> open_port;
    std::chrono::milliseconds hang{10000};  ///< after which a block counts as one that never ends
    AudioFormat::Depth depth = AudioFormat::Depth::float32;  ///< for the measures
    std::function<std::unique_ptr<Device>(const DeviceSettings&)> open_device;
    int records = 1;  ///< the descriptor that the records are written to
};

/// Plays until the end, or until SIGINT or SIGTERM. Throws Error for what cannot be opened, and
/// WriteFailed. some_failed if there was an error record.
[[nodiscard]] ExitStatus play(const PlayerSettings& settings);

}  // namespace patchpipe
