// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/midi_events.h"

#include "base/hex.h"
#include "base/utf8.h"
#include "record/record_line.h"

namespace patchpipe {
namespace {

int byte_of(const TickEvent& event, std::size_t place) {
    return place < event.bytes.size() ? static_cast<unsigned char>(event.bytes[place]) : 0;
}

int kind_of(const TickEvent& event) { return byte_of(event, 0) & 0xf0; }

bool is_note_on(const TickEvent& event) { return kind_of(event) == 0x90 && byte_of(event, 2) > 0; }

bool is_note_off(const TickEvent& event) {
    return kind_of(event) == 0x80 || (kind_of(event) == 0x90 && byte_of(event, 2) == 0);
}

std::size_t key_of(const TickEvent& event) {
    return static_cast<std::size_t>((byte_of(event, 0) & 15) << 7 | (byte_of(event, 1) & 127));
}

// The kind, number and value of a channel message that is no note.
void put_message(RecordLine& record, const TickEvent& event) {
    constexpr int centre = 8192;
    switch (kind_of(event)) {
        case 0xa0:
            record.text("kind", "key-pressure").whole("number", byte_of(event, 1));
            record.whole("value", byte_of(event, 2));
            break;
        case 0xb0:
            record.text("kind", "controller").whole("number", byte_of(event, 1));
            record.whole("value", byte_of(event, 2));
            break;
        case 0xc0:
            record.text("kind", "program").whole("value", byte_of(event, 1));
            break;
        case 0xd0:
            record.text("kind", "pressure").whole("value", byte_of(event, 1));
            break;
        case 0xe0:
            record.text("kind", "bend");
            record.whole("value", (byte_of(event, 2) << 7 | byte_of(event, 1)) - centre);
            break;
        default:  // a note's end without a beginning
            record.text("kind", "note-off").whole("number", byte_of(event, 1));
            record.whole("value", byte_of(event, 2));
            if (kind_of(event) == 0x90) record.text("end_as", "note-on");
            break;
    }
    record.whole("channel", (byte_of(event, 0) & 15) + 1);
}

// Texts, and every other meta event.
void put_meta(RecordLine& record, const TickEvent& event) {
    constexpr int last_text = 15;
    const int type = byte_of(event, 1);
    const auto data =
        std::string_view(event.bytes).substr(std::min<std::size_t>(2, event.bytes.size()));
    const bool text = type >= 1 && type <= last_text;
    record.text("kind", text ? "text" : "meta").whole("number", type);
    if (text && is_utf8(data))
        record.text("text", data);
    else
        record.text("bytes", to_hex(data));
}

void put_flags(RecordLine& record, const TickEvent& event) {
    if (event.muted) record.flag("muted", true);
    if (event.selected) record.flag("selected", true);
    if (!event.extra.empty()) record.text("extra", event.extra);
}

}  // namespace

void SoundingNotes::begin(const TickEvent& event, std::int64_t note) {
    notes_[key_of(event)].push_back(note);
}

std::optional<std::int64_t> SoundingNotes::end(const TickEvent& event) {
    const auto found = notes_.find(key_of(event));
    if (found == notes_.end() || found->second.empty()) return {};
    const auto note = found->second.front();
    found->second.pop_front();
    return note;
}

bool TickOrder::usual(const std::vector<TickEvent>& events,
                      const std::function<TickRank(const TickEvent&)>& rank) {
    const auto begun_before = notes_;
    bool usual = true;
    auto last = TickRank::name;
    std::int64_t last_note = -1;
    for (const auto& event : events) {
        auto category = rank(event);
        const bool is_message = category == TickRank::other;
        const auto ended = is_message && is_note_off(event) ? sounding_.end(event) : std::nullopt;
        if (ended) {
            usual = usual && *ended<begun_before&& * ended> last_note;
            category = TickRank::note_end;
            last_note = *ended;
        } else if (is_message && is_note_on(event)) {
            sounding_.begin(event, notes_++);
        }
        usual = usual && category >= last;
        last = category;
    }
    return usual;
}

EventRecords::EventRecords(std::string track, std::string item, PlaceTick place,
                           const WriteLine& write)
    : track_(std::move(track)), item_(std::move(item)), place_(std::move(place)), write_(write) {}

void EventRecords::add(const std::vector<TickEvent>& events, bool usual) {
    for (std::size_t i = 0; i < events.size(); ++i)
        add_one(events[i], usual ? -1 : static_cast<std::int64_t>(i), TickRank::other);
}

void EventRecords::add_one(const TickEvent& event, std::int64_t order, TickRank rank) {
    if (rank != TickRank::other) return;
    if (is_note_on(event))
        begin_note(event, order);
    else if (!is_note_off(event) || !end_note(event, order))
        add_control(event, order);
    write_done();
}

void EventRecords::begin_note(const TickEvent& event, std::int64_t order) {
    sounding_.begin(event, first_ + static_cast<std::int64_t>(waiting_.size()));
    waiting_.push_back({.line = {}, .start = event, .order = order, .sounds = true});
}

bool EventRecords::end_note(const TickEvent& event, std::int64_t order) {
    const auto note = sounding_.end(event);
    if (note) write_note(waiting_[static_cast<std::size_t>(*note - first_)], &event, order);
    return note.has_value();
}

void EventRecords::write_note(Waiting& note, const TickEvent* end, std::int64_t end_order) {
    const auto& start = note.start;
    const auto from = place_(start.tick);
    RecordLine record("note");
    record.text("track", track_);
    if (!item_.empty()) record.text("item", item_);
    record.number("time", from.time).number("beat", from.beat);
    if (end != nullptr) {
        const auto to = place_(end->tick);
        record.number("length", to.time - from.time).number("beats", to.beat - from.beat);
    }
    record.whole("note", byte_of(start, 1)).whole("velocity", byte_of(start, 2));
    record.whole("channel", (byte_of(start, 0) & 15) + 1);
    if (end != nullptr && kind_of(*end) == 0x90) record.text("end_as", "note-on");
    if (end != nullptr && byte_of(*end, 2) > 0) record.whole("release_velocity", byte_of(*end, 2));
    put_flags(record, start);
    if (note.order >= 0) record.whole("order", note.order);
    if (end_order >= 0) record.whole("end_order", end_order);
    note.line = record.line();
    note.sounds = false;
}

void EventRecords::add_control(const TickEvent& event, std::int64_t order) {
    const auto at = place_(event.tick);
    RecordLine record("control");
    record.text("track", track_);
    if (!item_.empty()) record.text("item", item_);
    record.number("time", at.time).number("beat", at.beat);
    if (event.bytes.empty())
        record.text("kind", "reaper");
    else if (byte_of(event, 0) == 0xff)
        put_meta(record, event);
    else if (byte_of(event, 0) == 0xf0)
        record.text("kind", "sysex").text("bytes", to_hex(event.bytes));
    else
        put_message(record, event);
    put_flags(record, event);
    if (order >= 0) record.whole("order", order);
    waiting_.push_back({.line = std::string(record.line()), .start = {}});
}

void EventRecords::write_done() {
    while (!waiting_.empty() && !waiting_.front().sounds) {
        write_(waiting_.front().line);
        waiting_.pop_front();
        ++first_;
    }
}

void EventRecords::finish() {
    for (auto& waiting : waiting_)
        if (waiting.sounds) write_note(waiting, nullptr, -1);
    write_done();
    sounding_.clear();
}

void TickGroups::add(TickEvent event) {
    if (!events_.empty() && events_.back().tick != event.tick) finish();
    events_.push_back(std::move(event));
}

void TickGroups::finish() {
    if (!events_.empty()) use_(events_);
    events_.clear();
}

}  // namespace patchpipe
