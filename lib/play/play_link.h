// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The memory that play-one shares with the process in which the plug-in plays: rings for events and
// audio, and how far the playing may go.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>

#include "base/descriptor.h"
#include "file/mapped_memory.h"
#include "play/event_count.h"
#include "play/live_event.h"
#include "play/ring.h"
#include "record/record.h"

namespace patchpipe {

/// How long the audio rings are, in samples of all channels.
struct LinkSizes {
    std::size_t output, input;

    [[nodiscard]] static LinkSizes of(const Record& request);
    void set_in(Record& request) const;
};

class PlayLink {
 public:
    /// `known_until` if the clock waits for nothing.
    static constexpr std::int64_t all_is_known = std::numeric_limits<std::int64_t>::max();

    /// What is not in the rings. Valid where all bytes are zero.
    struct Board {
        std::atomic<std::int64_t> known_until;  ///< no event before this frame will come
        std::atomic<bool> stopped;              ///< end now
        std::atomic<bool> began;           ///< the plug-in has its sounds, and the playing begins
        std::atomic<bool> finished;        ///< all that was played is in the ring of the output
        std::atomic<std::uint32_t> beats;  ///< changes while the player is alive
        EventCount to_player;              ///< events, audio to hear, room, or something above
        EventCount to_device;              ///< audio that was played
        RingEnds events, notes, output, input;
    };

    explicit PlayLink(const LinkSizes& sizes);        ///< new; throws Error io
    PlayLink(Descriptor fd, const LinkSizes& sizes);  ///< that of the other side; throws Error io

    [[nodiscard]] int fd() const { return fd_.get(); }
    [[nodiscard]] Board& board() const { return *board_; }
    [[nodiscard]] Ring<LiveEvent>& events() { return *events_; }
    [[nodiscard]] Ring<LiveNote>& notes() { return *notes_; }
    [[nodiscard]] Ring<float>& output() { return *output_; }  ///< interleaved, as are inputs
    [[nodiscard]] Ring<float>& input() { return *input_; }

 private:
    Descriptor fd_;
    MappedMemory memory_;
    Board* board_;
    std::unique_ptr<Ring<LiveEvent>> events_;
    std::unique_ptr<Ring<LiveNote>> notes_;
    std::unique_ptr<Ring<float>> output_, input_;
};

}  // namespace patchpipe
