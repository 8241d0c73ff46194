// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A MIDI file as events of a play link, once or again and again. What is still held at its end is
// released there.
#pragma once

#include <cstdint>
#include <string>

#include "play/play_link.h"
#include "render/render.h"

namespace patchpipe {

class MidiFeed {
 public:
    /// Throws Error as read_midi_file() does, and unsupported for an empty file that is to be
    /// looped and for a message that is longer than longest_live_bytes.
    MidiFeed(const std::string& path, bool loop, int sample_rate);

    /// The frames of the file.
    [[nodiscard]] std::int64_t frames() const { return score_.frames; }
    [[nodiscard]] bool loops() const { return loop_; }

    /// Sends the events before that frame, as far as the link has room. Returns the frame before
    /// which all are sent.
    [[nodiscard]] std::int64_t send(PlayLink& link, std::int64_t end);

 private:
    Score score_;
    bool loop_;
    std::size_t next_ = 0;    // of the events
    std::int64_t begin_ = 0;  // of this time through the file
};

}  // namespace patchpipe
