// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What comes from a MIDI port into events of a play link, each to be played with the next block.
#pragma once

#include <optional>
#include <string>

#include "midi/byte_stream.h"
#include "play/midi_port.h"
#include "play/play_link.h"

namespace patchpipe {

class PortInput {
 public:
    /// Both must outlive this. Without a port nothing comes.
    PortInput(const MidiPort* port, PlayLink& link);

    /// The descriptor to wait for; -1 if there is nothing to wait for now.
    [[nodiscard]] int fd() const;
    /// Reads what is there, as far as the link has room.
    void read();
    /// Why nothing comes any more, or what was left out, since the last call.
    [[nodiscard]] std::optional<std::string> take_complaint();

 private:
    void send(MidiByteStream::Bytes message);

    const MidiPort* port_;
    PlayLink& link_;
    MidiByteStream stream_;
    bool is_gone_ = false;
    std::int64_t told_ = 0;  // of those that were too long
    std::optional<std::string> complaint_;
};

}  // namespace patchpipe
