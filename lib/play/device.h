// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where live audio goes: a sound card, a file, standard output, or nowhere. Those that need no
// library are in devices.h.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "play/tap.h"
#include "record/record.h"

namespace patchpipe {

/// What a device is opened for.
struct DeviceSettings {
    int sample_rate, block_size;
    int channels;  ///< of the plug-in
    int captured;  ///< channels of the plug-in that hear the device; 0 if it hears none
};

class Device {
 public:
    virtual ~Device() = default;

    /// Its fields in the record of the start: device, and what else is known.
    [[nodiscard]] virtual Record fields() const = 0;

    /// How many frames it takes at once, at most.
    [[nodiscard]] virtual int frames_at_once() const = 0;

    /// True if it takes audio by its own clock, false if it takes it as soon as it is there.
    [[nodiscard]] virtual bool has_clock() const = 0;

    /// Begins to take the audio, on a thread of its own, which calls ended when all is taken, or
    /// when it fails. The tap must outlive this. Throws Error io.
    virtual void start(Tap& tap, std::function<void()> ended) = 0;

    /// Waits for the thread, which ends by itself when the tap is stopped or ended.
    virtual void stop() = 0;

    /// After stop(): throws what went wrong in the thread, or keeps what was made of the audio.
    /// Throws Error.
    virtual void complete() = 0;
};

}  // namespace patchpipe
