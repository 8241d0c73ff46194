// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Note and control records as MIDI events in ticks: the inverse of midi_events.h.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "record/record.h"
#include "song/midi_events.h"
#include "song/tempo_map.h"

namespace patchpipe {

/// Gathers events, and puts those of one tick into order: where records say it by "order" and
/// "end_order", else the head, the ends of notes, and the rest as they came.
class EventList {
 public:
    /// The tick of a place in the song; it is rounded, and below 0 it is 0.
    using TickAt = std::function<double(const TickPlace&)>;
    EventList(const TempoMap& tempo, TickAt tick_at)
        : tempo_(tempo), tick_at_(std::move(tick_at)) {}

    /// Adds a note or control record. Throws Error bad-record.
    void add(const Record& record);
    /// Adds an event of another kind of record, with the category that it has in its tick.
    void add(const Record& record, TickRank rank, std::string bytes);

    /// The events in order. Call it once.
    [[nodiscard]] std::vector<TickEvent> take();

 private:
    struct Placed {
        TickEvent event;
        double rank = 0;
        std::size_t number = 0;
    };

    [[nodiscard]] TickPlace place_of(const Record& record) const;
    [[nodiscard]] std::int64_t tick_of(const TickPlace& place) const;
    void add_note(const Record& record);
    void add_control(const Record& record);
    void put(TickEvent event, const Record& record, std::string_view order_key, TickRank rank,
             std::size_t number);

    const TempoMap& tempo_;
    TickAt tick_at_;
    std::vector<Placed> events_;
    std::size_t numbers_ = 0;
};

/// Where a record with "time" or "beat" is, in both; of both keys the beat counts. Throws Error
/// bad-record if neither is there.
[[nodiscard]] TickPlace record_place(const Record& record, const TempoMap& tempo);

/// How long an item is, in seconds: its "length", or else its "beats"; 0 if neither is there.
/// Throws as record_place() does.
[[nodiscard]] double item_length(const Record& item, const TempoMap& tempo);

}  // namespace patchpipe
