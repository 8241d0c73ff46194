// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The devices that need no sound card.
#pragma once

#include <memory>
#include <string>

#include "audio/audio_format.h"
#include "play/device.h"

namespace patchpipe {

/// Takes a block whenever a sound card would, and drops it.
[[nodiscard]] std::unique_ptr<Device> null_device(const DeviceSettings& settings);

/// Writes a file, which appears whole at the end. Its length, channels and rate are set here.
/// Throws Error as AudioWriter does, and io.
[[nodiscard]] std::unique_ptr<Device> file_device(const DeviceSettings& settings,
                                                  const std::string& path, AudioFormat format);

/// Writes raw samples in little-endian order to standard output, whose reader sets the pace.
[[nodiscard]] std::unique_ptr<Device> stdout_device(const DeviceSettings& settings,
                                                    AudioFormat::Depth depth);

}  // namespace patchpipe
