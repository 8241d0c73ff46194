// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where MIDI comes from while it plays, as the bytes that go over a wire.
#pragma once

#include <memory>
#include <string>

namespace patchpipe {

class MidiPort {
 public:
    virtual ~MidiPort() = default;

    /// Readable when bytes have come; reading does not block. At its end the port is gone.
    [[nodiscard]] virtual int fd() const = 0;
    /// What it is called.
    [[nodiscard]] virtual const std::string& name() const = 0;
};

/// A device such as /dev/snd/midiC1D0, or a pipe, which stays open when its writers go. Throws
/// Error not-found, io, and unsupported for other files.
[[nodiscard]] std::unique_ptr<MidiPort> midi_device(const std::string& path);

}  // namespace patchpipe
