// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lines of standard input, and a MIDI file beside them, into events of a play link.
#pragma once

#include <utility>

#include "job/parameter_finder.h"
#include "play/event_lines.h"
#include "play/midi_feed.h"
#include "play/play_link.h"
#include "play/play_records.h"
#include "record/record_loop.h"

namespace patchpipe {

struct EventInputSettings {
    int sample_rate;
    bool read_ahead;           ///< the clock of the link goes only as far as the events are known
    bool ends_playing;         ///< the end of the input does, when all is played
    bool compares;             ///< events may choose which of two builds is heard
    std::int64_t first_end;    ///< the frame before which it does not
    std::int64_t tail_frames;  ///< how long it waits behind the last event
    MidiFeed* midi = nullptr;  ///< or none
};

class EventInput {
 public:
    /// Lines that are no events are error records. link and records must outlive this.
    EventInput(PlayLink& link, const EventInputSettings& settings, ParameterFinder parameters,
               PlayRecords& records);

    /// True if read() is wanted as soon as there is something to read.
    [[nodiscard]] bool wants_input() const { return !lines_.ended() && !full_; }
    /// True if the input has ended and all of it is in the link.
    [[nodiscard]] bool ended() const { return sent_last_; }

    /// From now on these.
    void set_parameters(ParameterFinder parameters) { parameters_ = std::move(parameters); }

    /// Reads once. Throws Error io.
    void read() { lines_.fill(); }
    /// Reads and sends the lines that are there, so that they are known before the first block; not
    /// without end, where they come faster than they are read. Throws Error io.
    void read_what_came(std::int64_t horizon);
    /// Sends what has been read, and what is in the MIDI file before `horizon`, as far as the link
    /// has room.
    void send_events(std::int64_t horizon);

 private:
    void send_lines();
    void publish_known();
    void send(const Record& record);
    void send_last();
    void write_error(const Record& refused);
    void push(const LiveEvent& event) { link_.events().write({&event, 1}); }

    PlayLink& link_;
    EventInputSettings settings_;
    ParameterFinder parameters_;
    PlayRecords& records_;
    EventLines lines_;
    RecordLoop loop_;
    std::int64_t known_ = 0, line_ = 0;              // of the lines
    std::int64_t lines_known_ = 0, midi_known_ = 0;  // no event before these frames will come
    bool full_ = false, sent_last_ = false;
};

}  // namespace patchpipe
