// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// MIDI events in ticks as note and control records. A note is one record, from its note-on to its
// note-off. The writer (event_list.h) puts the events of one tick into an order of its own; where a
// file has another one, records say it in "order" and "end_order".
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "song/raw_lines.h"

namespace patchpipe {

struct TickEvent {
    std::int64_t tick = 0;
    /// A channel message, a sysex from F0 to F7, or FF, a meta event's type and its data. Empty for
    /// REAPER's own kind of event, whose text is in extra.
    std::string bytes;
    bool muted = false, selected = false;
    std::string extra = {};  ///< what REAPER writes behind an event, such as a curve
};

/// The categories of the usual order within a tick. The head is what belongs to the song: the
/// track's name, tempos, signatures and markers, in this order.
enum class TickRank { name, tempo, signature, marker, note_end, other };

/// The notes that sound, by channel and note number; of several with one number the first to begin
/// ends first.
class SoundingNotes {
 public:
    /// A note-on; note is its number.
    void begin(const TickEvent& event, std::int64_t note);
    /// The note that a note-off ends; nothing if none sounds there.
    std::optional<std::int64_t> end(const TickEvent& event);
    void clear() { notes_.clear(); }

 private:
    std::unordered_map<std::size_t, std::deque<std::int64_t>> notes_;
};

/// Tells whether the events of each tick are in the usual order: the head, the ends of notes begun
/// earlier in the order of their beginnings, and the rest.
class TickOrder {
 public:
    /// The events of one tick. rank says what an event would be but for notes' ends, which are
    /// found here.
    [[nodiscard]] bool usual(const std::vector<TickEvent>& events,
                             const std::function<TickRank(const TickEvent&)>& rank);

 private:
    SoundingNotes sounding_;
    std::int64_t notes_ = 0;
};

/// Where a tick is, in seconds and beats.
struct TickPlace {
    double time = 0, beat = 0;
};

/// Takes events and writes records in the order of their beginnings. What begins after a note waits
/// for its end, so memory grows with the longest note, not with the file.
class EventRecords {
 public:
    using PlaceTick = std::function<TickPlace(std::int64_t)>;
    /// item is empty if the events are those of a track.
    EventRecords(std::string track, std::string item, PlaceTick place, const WriteLine& write);

    /// All events of one tick, none of the head. Each tick is later than the one before. usual is
    /// what TickOrder says of them.
    void add(const std::vector<TickEvent>& events, bool usual);
    /// One event, with its place in the tick or -1. One whose rank is of the head is left out.
    void add_one(const TickEvent& event, std::int64_t order, TickRank rank);
    /// Notes that have not ended get no length.
    void finish();

 private:
    struct Waiting {
        std::string line;  // complete unless it is a note that sounds
        TickEvent start;
        std::int64_t order = -1;
        bool sounds = false;
    };

    void begin_note(const TickEvent& event, std::int64_t order);
    bool end_note(const TickEvent& event, std::int64_t order);
    void write_note(Waiting& note, const TickEvent* end, std::int64_t end_order);
    void add_control(const TickEvent& event, std::int64_t order);
    void write_done();

    std::string track_, item_;
    PlaceTick place_;
    const WriteLine& write_;
    std::deque<Waiting> waiting_;
    std::int64_t first_ = 0;  // the number of waiting_.front()
    SoundingNotes sounding_;
};

/// Gathers events into ticks.
class TickGroups {
 public:
    using Use = std::function<void(const std::vector<TickEvent>&)>;
    explicit TickGroups(Use use) : use_(std::move(use)) {}
    void add(TickEvent event);
    void finish();

 private:
    Use use_;
    std::vector<TickEvent> events_;
};

}  // namespace patchpipe
