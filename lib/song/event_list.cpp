// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/event_list.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/hex.h"

namespace patchpipe {
namespace {

[[noreturn]] void refuse_event(std::string_view key, const std::string& what) {
    throw Error(ErrorKind::bad_record, key, what + "; correct it");
}

int whole_in(const Record& record, std::string_view key, int missing, int min, int max) {
    const auto value = record.integer(key);
    if (!value) {
        if (missing < min) refuse_event(key, "is missing");
        return missing;
    }
    if (*value < min || *value > max)
        refuse_event(key, "must be " + std::to_string(min) + " to " + std::to_string(max) +
                              ", is " + std::to_string(*value));
    return static_cast<int>(*value);
}

constexpr int needed = -100'000;  // as missing: below every range

std::string message(int status, int channel, int one, int two = -1) {
    std::string bytes{static_cast<char>(status | (channel - 1)), static_cast<char>(one)};
    if (two >= 0) bytes += static_cast<char>(two);
    return bytes;
}

std::string hex_bytes(const Record& record) {
    auto bytes = from_hex(record.text("bytes").value_or("?"));
    if (!bytes) refuse_event("bytes", "must be hexadecimal digits");
    return std::move(*bytes);
}

std::string meta(const Record& record, int last_type) {
    std::string bytes{'\xff', static_cast<char>(whole_in(record, "number", needed, 0, last_type))};
    const auto text = record.text("text");
    return bytes += text ? *text : hex_bytes(record);
}

std::string control_bytes(const Record& record) {
    const auto kind = record.text("kind").value_or("controller");
    const auto number = [&](std::string_view key) { return whole_in(record, key, needed, 0, 127); };
    const int channel = whole_in(record, "channel", 1, 1, 16);
    if (kind == "controller") return message(0xb0, channel, number("number"), number("value"));
    if (kind == "program") return message(0xc0, channel, number("value"));
    if (kind == "pressure") return message(0xd0, channel, number("value"));
    if (kind == "key-pressure") return message(0xa0, channel, number("number"), number("value"));
    if (kind == "bend") {
        const int value = whole_in(record, "value", needed, -8192, 8191) + 8192;
        return message(0xe0, channel, value & 127, value >> 7);
    }
    if (kind == "note-off") {
        const bool as_note_on = record.text("end_as") == "note-on";
        return message(as_note_on ? 0x90 : 0x80, channel, number("number"),
                       as_note_on ? 0 : number("value"));
    }
    if (kind == "sysex") {
        auto bytes = hex_bytes(record);
        if (!bytes.starts_with('\xf0')) refuse_event("bytes", "must begin with f0 in a sysex");
        return bytes;
    }
    if (kind == "text") return meta(record, 15);
    if (kind == "meta") return meta(record, 127);
    if (kind == "reaper") return {};
    refuse_event("kind", "is no kind of control that patchpipe-song(5) lists");
}

}  // namespace

TickPlace record_place(const Record& record, const TempoMap& tempo) {
    if (const auto beat = record.number("beat")) {
        const auto time = record.number("time");
        return {.time = time ? *time : tempo.time_at(*beat), .beat = *beat};
    }
    const auto time = record.number("time");
    if (!time) refuse_event("time", "is missing, and so is beat");
    return {.time = *time, .beat = tempo.beat_at(*time)};
}

double item_length(const Record& item, const TempoMap& tempo) {
    if (const auto length = item.number("length")) return *length;
    const auto beats = item.number("beats");
    if (!beats) return 0;
    const auto begin = record_place(item, tempo);
    return tempo.time_at(begin.beat + *beats) - begin.time;
}

TickPlace EventList::place_of(const Record& record) const { return record_place(record, tempo_); }

std::int64_t EventList::tick_of(const TickPlace& place) const {
    constexpr double most = 1e15;
    const double tick = tick_at_(place);
    return std::isfinite(tick) ? std::llround(std::clamp(tick, 0.0, most)) : 0;
}

void EventList::put(TickEvent event, const Record& record, std::string_view order_key,
                    TickRank rank, std::size_t number) {
    const auto order = record.integer(order_key);
    const auto category = static_cast<double>(rank);
    constexpr auto others = static_cast<double>(TickRank::other);
    // An order counts from 0; what has none goes before, or far behind.
    const double usual = rank == TickRank::other ? 1e18 : category - others;
    events_.push_back({std::move(event), order ? static_cast<double>(*order) : usual, number});
}

void EventList::add(const Record& record) {
    record.text("type") == "note" ? add_note(record) : add_control(record);
}

void EventList::add(const Record& record, TickRank rank, std::string bytes) {
    put({.tick = tick_of(place_of(record)), .bytes = std::move(bytes)}, record, "order", rank,
        numbers_++);
}

void EventList::add_note(const Record& record) {
    const auto from = place_of(record);
    const int note = whole_in(record, "note", needed, 0, 127),
              velocity = whole_in(record, "velocity", 100, 1, 127);
    const int channel = whole_in(record, "channel", 1, 1, 16);
    const TickEvent start{.tick = tick_of(from),
                          .bytes = message(0x90, channel, note, velocity),
                          .muted = record.flag("muted").value_or(false),
                          .selected = record.flag("selected").value_or(false),
                          .extra = record.text("extra").value_or("")};
    const auto number = numbers_++;
    put(start, record, "order", TickRank::other, number);
    auto to = from;
    if (const auto beats = record.number("beats")) {
        to.beat = from.beat + *beats;
        to.time = tempo_.time_at(to.beat);
    } else if (const auto length = record.number("length")) {
        to.time = from.time + *length;
        to.beat = tempo_.beat_at(to.time);
    } else {
        return;
    }
    auto end = start;
    end.tick = std::max(tick_of(to), start.tick);
    end.extra.clear();
    end.bytes = record.text("end_as") == "note-on"
                    ? message(0x90, channel, note, 0)
                    : message(0x80, channel, note, whole_in(record, "release_velocity", 0, 0, 127));
    // A note without a length ends behind its beginning.
    put(end, record, "end_order", end.tick > start.tick ? TickRank::note_end : TickRank::other,
        number);
}

void EventList::add_control(const Record& record) {
    put({.tick = tick_of(place_of(record)),
         .bytes = control_bytes(record),
         .muted = record.flag("muted").value_or(false),
         .selected = record.flag("selected").value_or(false),
         .extra = record.text("extra").value_or("")},
        record, "order", TickRank::other, numbers_++);
}

std::vector<TickEvent> EventList::take() {
    std::stable_sort(events_.begin(), events_.end(), [](const Placed& one, const Placed& other) {
        if (one.event.tick != other.event.tick) return one.event.tick < other.event.tick;
        if (one.rank != other.rank) return one.rank < other.rank;
        return one.number < other.number;
    });
    std::vector<TickEvent> events;
    events.reserve(events_.size());
    for (auto& placed : events_) events.push_back(std::move(placed.event));
    return events;
}

}  // namespace patchpipe
