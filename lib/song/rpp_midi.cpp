// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/rpp_midi.h"

#include <algorithm>

#include "base/base64.h"
#include "base/hex.h"
#include "base/number.h"
#include "song/midi_events.h"
#include "song/rpp_source.h"

namespace patchpipe {
namespace {

TickRank no_head(const TickEvent&) { return TickRank::other; }

// The event with which REAPER ends a source, so that it has a length: all notes off.
bool may_be_end(const TickEvent& event) {
    return event.bytes == std::string_view("\xb0\x7b\x00", 3) && event.extra.empty();
}

class SourceReader {
 public:
    SourceReader(RppReading& reading, const SourcePlace& place)
        : reading_(reading),
          place_(place),
          parent_(place.item + ".source"),
          section_(place.item + (place.section ? ".section" : ".source")),
          events_(
              place.track, place.item, [this](std::int64_t tick) { return at(tick); },
              reading.write),
          groups_(
              [this](const auto& events) { events_.add(events, order_.usual(events, no_head)); }) {
        first_beat_ = reading.tempo.beat_at(place.time);
        skipped_ = offset_beats(place, reading.tempo);
        if (!(place_.rate > 0)) place_.rate = 1;
    }

    void read() {
        read_lines(0);
        // The last event of the source is its end, unless something else is there.
        if (end_ && !(may_be_end(*end_) && end_->tick == place_.ticks))
            groups_.add(std::move(*end_));
        groups_.finish();
        events_.finish();
    }

 private:
    [[nodiscard]] TickPlace at(std::int64_t tick) const {
        const double beats = static_cast<double>(tick) / place_.ticks_per_beat;
        if (place_.own_bpm > 0) {
            const double time =
                place_.time + (beats * 60 / place_.own_bpm - place_.offset) / place_.rate;
            return {.time = time, .beat = reading_.tempo.beat_at(time)};
        }
        const double beat = first_beat_ + (beats - skipped_) / place_.rate;
        return {.time = reading_.tempo.time_at(beat), .beat = beat};
    }

    // The source of a section is within it.
    void read_lines(std::size_t below) {
        while (const auto line = reading_.walk.next()) {
            if (below < 2 && line->kind == RppKind::open && line->tag() == "SOURCE")
                read_lines(below + 1);
            else
                take(*line, below == 0 ? section_ : parent_);
        }
    }

    void take(const RppLine& line, const std::string& parent) {
        std::int64_t ticks = 0;
        if (is_source_line(line)) return;
        if (!place_.midi || !is_midi_line(line, ticks)) {
            line.kind == RppKind::open ? reading_.raw_block(line, parent)
                                       : reading_.raw(line, parent);
            return;
        }
        constexpr auto most = std::int64_t{1} << 52;
        tick_ = std::min(tick_ + ticks, most);
        const auto number = line.source.number;
        auto event = line.kind == RppKind::open ? block_event(line) : line_event(line);
        if (!event)
            return reading_.complain(number, "is no MIDI event, and is left out; correct it");
        if (end_) groups_.add(std::move(*end_));
        end_ = std::move(event);
    }

    [[nodiscard]] TickEvent flagged(const RppLine& line) const {
        const auto body = rpp_body(line.text());
        const auto letter = body[line.kind == RppKind::open ? 1 : 0];
        const auto second = body[line.kind == RppKind::open ? 2 : 1];
        return {.tick = tick_,
                .bytes = {},
                .muted = second == 'm',
                .selected = letter == 'e' || letter == 'x'};
    }

    // E delta status data1 data2 [more], or X with REAPER's own kind of event.
    std::optional<TickEvent> line_event(const RppLine& line) {
        auto event = flagged(line);
        const auto letter = rpp_body(line.text())[0];
        fields_.split(line.text());
        const auto rest_from = [&](std::size_t place) {
            return place < fields_.size() ? std::string(line.text().substr(fields_[place].begin))
                                          : std::string();
        };
        if (letter == 'X' || letter == 'x') {
            event.extra = rest_from(2);
            return event;
        }
        const auto status = parse_whole<int>(fields_.text(2), 16),
                   one = parse_whole<int>(fields_.text(3), 16),
                   two = parse_whole<int>(fields_.text(4), 16);
        if (!status || *status < 0x80 || *status > 0xef || one.value_or(0) < 0 ||
            one.value_or(0) > 127 || two.value_or(0) < 0 || two.value_or(0) > 127)
            return {};
        event.bytes = {static_cast<char>(*status), static_cast<char>(one.value_or(0))};
        if ((*status & 0xe0) != 0xc0) event.bytes += static_cast<char>(two.value_or(0));
        event.extra = text_as_utf8(rest_from(5));
        return event;
    }

    // <X delta 0, then base64 of a sysex or of FF, a type and a text.
    std::optional<TickEvent> block_event(const RppLine& line) {
        auto event = flagged(line);
        constexpr std::size_t most = std::size_t{16} << 20;
        bool good = true;
        reading_.walk.pass([&](const RppLine& inner) {
            if (inner.kind != RppKind::plain || !good) return;
            const auto bytes = from_base64(rpp_body(inner.text()));
            good = bytes && event.bytes.size() + bytes->size() <= most;
            if (good) event.bytes += *bytes;
        });
        const auto first = event.bytes.empty() ? 0 : static_cast<unsigned char>(event.bytes[0]);
        if (!good || (first != 0xf0 && (first != 0xff || event.bytes.size() < 2))) return {};
        return event;
    }

    RppReading& reading_;
    SourcePlace place_;
    std::string parent_, section_;  // of raw lines in the source, and in the section around it
    EventRecords events_;
    TickOrder order_;
    TickGroups groups_;
    RppFields fields_;
    std::optional<TickEvent> end_;  // the last event: it may be the end of the source
    std::int64_t tick_ = 0;
    double first_beat_ = 0, skipped_ = 0;
};

}  // namespace

double offset_beats(const SourcePlace& place, const TempoMap& tempo) {
    const double bpm = place.own_bpm > 0 ? place.own_bpm : tempo.bpm_at(place.time);
    return place.offset * bpm / 60;
}

void read_source(RppReading& reading, const SourcePlace& place) {
    SourceReader(reading, place).read();
}

}  // namespace patchpipe
