// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The part of RppWriter for items, their sources and MIDI events.

#include <algorithm>
#include <cmath>

#include "audio/fade.h"
#include "base/error.h"
#include "base/hex.h"
#include "base/json.h"
#include "song/event_list.h"
#include "song/rpp_writer.h"

namespace patchpipe {
namespace {

std::string source_format(const Record& source) {
    if (const auto format = source.text("format"); format && !format->empty()) return *format;
    if (source.text("kind") == "midi") return "MIDI";
    auto name = source.text("path").value_or("");
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    constexpr std::pair<std::string_view, std::string_view> suffixes[] = {
        {".flac", "FLAC"}, {".mp3", "MP3"},    {".ogg", "VORBIS"},
        {".opus", "OPUS"}, {".wv", "WAVPACK"}, {".mid", "MIDI"}};
    for (const auto& [suffix, format] : suffixes)
        if (name.ends_with(suffix)) return std::string(format);
    return "WAVE";
}

}  // namespace

std::string source_type(const Record& source) {
    return (source.text("kind") == "offline" ? "_OFFLINE_" : "") + source_format(source);
}

SourcePlace source_place(const Record& take, const TempoMap& tempo) {
    const auto source = object_in(take, "source");
    SourcePlace place{.track = take.text("track").value_or(""),
                      .item = take.text("item").value_or("")};
    // Seconds count where REAPER has seconds.
    place.time = take.number("time") ? *take.number("time") : record_place(take, tempo).time;
    place.offset = take.number("offset").value_or(0);
    place.rate = take.number("rate").value_or(1);
    if (!(place.rate > 0))
        throw Error(ErrorKind::bad_record, "rate", "must be above 0; correct it");
    place.ticks_per_beat = source.number("ticks_per_beat").value_or(960);
    if (!(place.ticks_per_beat >= 1 && place.ticks_per_beat <= 1e6))
        throw Error(ErrorKind::bad_record, "ticks_per_beat", "must be 1 to 1000000; correct it");
    place.own_bpm = source.number("bpm").value_or(0);
    place.ticks = std::llround(std::clamp(source.number("beats").value_or(0), 0.0, 1e9) *
                               place.ticks_per_beat);
    return place;
}

// Where only the time of an item was changed, its notes move with it.
double first_beat(const Record& take, const TempoMap& tempo) {
    return take.number("beat") ? *take.number("beat") : record_place(take, tempo).beat;
}

std::vector<TickEvent> take_events(const SongModel& song, const TempoMap& tempo,
                                   const SourcePlace& place, double first_beat) {
    const double skipped = offset_beats(place, tempo), first_time = tempo.time_at(first_beat);
    EventList list(tempo, [&](const TickPlace& at) {
        const double beats =
            place.own_bpm > 0
                ? ((at.time - first_time) * place.rate + place.offset) * place.own_bpm / 60
                : (at.beat - first_beat) * place.rate + skipped;
        return beats * place.ticks_per_beat;
    });
    for (const auto& line : song.events(place.item)) list.add(Record(line));
    return list.take();
}

void set_usual_curves(Record& item, const Record& given) {
    for (const std::string end : {"fade_in", "fade_out"}) {
        const auto shape =
            json_texts("[" + std::string(item.raw(end + "_shape").value_or("")) + "]");
        const auto number = shape.empty() ? std::nullopt : fade_named(shape.front());
        if (!number || given.raw(end + "_curve")) continue;
        item.set(end + "_curve", default_curvature(*number) * (end == "fade_in" ? 1 : -1));
    }
}

void RppWriter::write_item(const std::string& id, std::size_t level) {
    auto item = *song_.find(id);
    const auto place = record_place(item, tempo_);
    if (!item.number("time")) item.set("time", place.time);
    if (!item.number("length")) {
        if (!item.number("beats"))
            throw Error(ErrorKind::bad_record, id,
                        "length is missing, and so is beats; give one of them");
        item.set("length", item_length(item, tempo_));
    }
    set_usual_curves(item, item);
    line(level, "<ITEM");
    for (const auto usual : usual_lines(item_rules)) {
        const auto text =
            rpp_line_with(rpp_line_with(usual, item_rules, item), first_take_rules, item);
        line(level + 1, with_guid(usual, text, id));
    }
    write_take(id, level + 1);
    for (const auto& take : song_.takes(id)) {
        const bool active = song_.find(take)->flag("active").value_or(false);
        line(level + 1,
             std::string("TAKE") + (is_empty_take(take) ? " NULL" : "") + (active ? " SEL" : ""));
        write_take(take, level + 1);
    }
    line(level, ">");
}

bool RppWriter::has_source(const std::string& take) const {
    return song_.find(take)->raw("source") || !song_.events(take).empty();
}

// A lane of the item in which nothing is.
bool RppWriter::is_empty_take(const std::string& id) const {
    const auto usual = usual_lines(next_take_rules);
    return !has_source(id) && song_.raws(id).empty() && song_.effects(id).empty() &&
           song_.envelopes(id).empty() && std::none_of(usual.begin(), usual.end(), [&](auto line) {
               return rpp_line_needed(line, next_take_rules, *song_.find(id));
           });
}

void RppWriter::write_take(const std::string& id, std::size_t level) {
    const auto& take = *song_.find(id);
    const bool first = take.integer("take").value_or(1) <= 1;
    const auto rules = first ? first_take_rules : next_take_rules;
    for (const auto usual : usual_lines(rules)) {
        const auto text = rpp_line_with(usual, rules, take);
        // An item with nothing but a text has no take, but it may have a name.
        if (!has_source(id) && text == usual) continue;
        line(level, with_guid(usual, text, id));
    }
    raws(id, level);
    write_source(take, id, level);
    write_chain("TAKEFX", id, level);
    for (const auto& envelope : song_.envelopes(id)) write_envelope(envelope, level);
}

void RppWriter::write_source(const Record& take, const std::string& id, std::size_t level) {
    if (!take.raw("source") && song_.events(id).empty()) return;
    const auto source = object_in(take, "source");
    const bool midi = source.text("kind") == "midi";
    const bool reverse = take.flag("reverse").value_or(false),
               section = reverse || source.raw("from") || source.raw("section_length");
    if (!song_.events(id).empty() || (midi && !source.raw("section_length")))
        return write_midi(take, id, level);
    if (section) {
        const auto mode =
            source.number("mode").value_or(source.raw("section_length") ? (reverse ? 2 : 0) : 3);
        line(level, "<SOURCE SECTION");
        line(level + 1, "LENGTH " + rpp_decimal(source.number("section_length").value_or(0)));
        line(level + 1, "MODE " + rpp_decimal(mode));
        line(level + 1, "STARTPOS " + rpp_decimal(source.number("from").value_or(0)));
        raws(id + ".section", level + 1);
    }
    const auto inner = level + static_cast<std::size_t>(section);
    line(inner, "<SOURCE " + source_type(source));
    if (const auto path = source.text("path"); path && !path->empty())
        line(inner + 1, "FILE " + rpp_quoted(*path));
    else if (midi)
        write_midi_settings(source, inner + 1);
    // The events of a MIDI source in a section are among these.
    raws(id + ".source", inner + 1);
    if (midi && !source.raw("path")) write_midi_tempo(source, inner + 1);
    line(inner, ">");
    if (section) line(level, ">");
}

void RppWriter::write_midi(const Record& take, const std::string& id, std::size_t level) {
    const auto source = object_in(take, "source");
    if (const auto path = source.text("path"); path && !path->empty()) {
        line(level, "<SOURCE MIDI");
        line(level + 1, "FILE " + rpp_quoted(*path));
        raws(id + ".source", level + 1);
        return line(level, ">");
    }
    auto place = source_place(take, tempo_);
    place.item = id;
    const auto events = take_events(song_, tempo_, place, first_beat(take, tempo_));
    // Without a length the source is as long as the item.
    if (!source.raw("beats")) {
        const double length = item_length(take, tempo_) * place.rate + place.offset;
        place.ticks = std::llround(tempo_.beat_at(place.time + length) * place.ticks_per_beat -
                                   tempo_.beat_at(place.time) * place.ticks_per_beat);
    }
    const auto format = source.text("format").value_or("MIDI");
    line(level, "<SOURCE " + format);
    write_midi_settings(source, level + 1);
    write_events(events, place.ticks, level + 1);
    raws(id + ".source", level + 1);
    write_midi_tempo(source, level + 1);
    line(level, ">");
}

void RppWriter::write_midi_settings(const Record& source, std::size_t level) {
    const auto resolution = source.number("ticks_per_beat").value_or(960);
    line(level, "HASDATA 1 " + rpp_decimal(resolution) + " QN");
    if (const auto pool = source.text("pool")) line(level, "POOLEDEVTS " + *pool);
}

void RppWriter::write_midi_tempo(const Record& source, std::size_t level) {
    const double own_bpm = source.number("bpm").value_or(0);
    line(level, own_bpm > 0 ? "IGNTEMPO 1 " + rpp_decimal(own_bpm) + " 4 4" : "IGNTEMPO 0 120 4 4");
}

void RppWriter::write_events(const std::vector<TickEvent>& events, std::int64_t end,
                             std::size_t level) {
    std::int64_t tick = 0;
    for (const auto& event : events) {
        const auto delta = std::to_string(event.tick - tick);
        tick = event.tick;
        const auto byte = [&](std::size_t i) {
            return i < event.bytes.size() ? to_hex(event.bytes.substr(i, 1)) : std::string("00");
        };
        const std::string muted = event.muted ? "m " : " ";
        if (event.bytes.empty()) {
            line(level, (event.selected ? "x" : "X") + muted + delta + " " + event.extra);
        } else if (static_cast<unsigned char>(event.bytes[0]) >= 0xf0) {
            line(level, (event.selected ? "<x" : "<X") + muted + delta + " 0");
            write_base64(event.bytes, level + 1);
            line(level, ">");
        } else {
            line(level, (event.selected ? "e" : "E") + muted + delta + " " + byte(0) + " " +
                            byte(1) + " " + byte(2) +
                            (event.extra.empty() ? "" : " " + event.extra));
        }
    }
    line(level, "E " + std::to_string(std::max<std::int64_t>(end - tick, 0)) + " b0 7b 00");
}

// Notes without an item get one that holds them all.
void RppWriter::write_track_events(const std::string& id, std::size_t level) {
    if (song_.events(id).empty()) return;
    SourcePlace place{.track = id, .item = id};
    const auto events = take_events(song_, tempo_, place, 0);
    const auto end = events.empty() ? 0 : events.back().tick;
    line(level, "<ITEM");
    line(level + 1, "POSITION 0");
    line(level + 1,
         "LENGTH " + rpp_decimal(tempo_.time_at(static_cast<double>(end) / place.ticks_per_beat)));
    line(level + 1, "LOOP 0");
    line(level + 1, "IGUID " + guid(id, "IGUID"));
    line(level + 1,
         "NAME " + rpp_quoted(song_.find(id) != nullptr ? song_.find(id)->text("name").value_or("")
                                                        : ""));
    line(level + 1, "GUID " + guid(id, "GUID"));
    line(level + 1, "<SOURCE MIDI");
    line(level + 2, "HASDATA 1 960 QN");
    write_events(events, end, level + 2);
    line(level + 1, ">");
    line(level, ">");
}

}  // namespace patchpipe
