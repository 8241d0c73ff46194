// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sound cards and sound servers (ALSA, PulseAudio, JACK), through RtAudio.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "play/device.h"

namespace patchpipe {

/// What the system has, as records: type, index, name, api, output_channels, input_channels,
/// sample_rates, is_default_output, is_default_input.
[[nodiscard]] std::vector<Record> rtaudio_devices();

/// Opens the device with that index in rtaudio_devices(), or that name, or the only one with that
/// text in its name; "default" is the default output. Without outputs of its own it is refused, and
/// so it is if it has not the rate. Throws Error not-found, with the names that there are, for one
/// that does not exist, unsupported and io.
[[nodiscard]] std::unique_ptr<Device> rtaudio_device(const DeviceSettings& settings,
                                                     const std::string& wanted);

}  // namespace patchpipe
