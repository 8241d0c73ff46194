// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "draw/scene_reader.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "file/absolute.h"

namespace patchpipe {
namespace {

constexpr double usual_bend_range = 2;  // semitones, of MIDI
constexpr int highest_note = 127;

// Seconds; what is beyond any song has no place in a video.
double checked_seconds(double value, std::string_view key) {
    constexpr double latest = 1e7;
    if (value >= -latest && value <= latest) return value;
    throw Error(ErrorKind::bad_record, key, "is beyond any song; correct it");
}

double seconds_in(const Record& record, std::string_view key) {
    return checked_seconds(record.number(key).value_or(0), key);
}

int whole_in(const Record& record, std::string_view key, int least, int most, int usual) {
    const auto value = record.integer(key).value_or(usual);
    if (value < least || value > most)
        throw Error(ErrorKind::bad_record, key,
                    "must be from " + std::to_string(least) + " to " + std::to_string(most));
    return static_cast<int>(value);
}

// "C-4" of 60, as trackers write it: their octaves begin at the lowest note.
std::string note_name(int note) {
    static constexpr const char* names[] = {"C-", "C#", "D-", "D#", "E-", "F-",
                                            "F#", "G-", "G#", "A-", "A#", "B-"};
    constexpr int octave = 12;
    return names[note % octave] + std::to_string(note / octave);
}

std::string cell_note(const Record& cell) {
    if (const auto note = cell.raw("note"); note && !note->starts_with('"'))
        return note_name(whole_in(cell, "note", 0, highest_note, 0));
    const auto end = cell.text("end").value_or("");
    return end == "off" ? "===" : end == "cut" ? "^^^" : end == "fade" ? "~~~" : "";
}

std::string cell_instrument(const Record& cell) {
    const auto number = cell.integer("instrument");
    if (!number) return {};
    auto text = std::to_string(*number);
    return text.size() < 2 ? "0" + text : text;
}

// REAPER's number: a mark that there is a color, then blue, green and red.
std::optional<Color> own_color(std::int64_t number) {
    constexpr std::int64_t is_set = 0x1000000;
    if ((number & is_set) == 0) return {};
    return Color{static_cast<std::uint8_t>(number), static_cast<std::uint8_t>(number >> 8),
                 static_cast<std::uint8_t>(number >> 16)};
}

template <typename Timed>
void sort_by_time(std::vector<Timed>& things) {
    std::stable_sort(things.begin(), things.end(),
                     [](const Timed& a, const Timed& b) { return a.time < b.time; });
}

}  // namespace

SceneTrack& Scene::track(const std::string& id) {
    const auto [place, added] = places_.try_emplace(id, tracks.size());
    if (added) tracks.push_back({.id = id, .name = id});
    return tracks[place->second];
}

double SceneReader::seconds(const Record& record, std::string_view time,
                            std::string_view beat) const {
    double value = 0;
    if (const auto given = record.number(time))
        value = *given;
    else if (const auto beats = record.number(beat))
        value = scene_.tempo.time_at(*beats);
    return checked_seconds(value, time);
}

void SceneReader::add(const Record& record) {
    if (record.is_error()) throw error_of(record);
    const auto type = record.text("type").value_or("");
    if (type.empty()) return add_stem(record);
    if (type == "song") {
        scene_.title = record.text("title").value_or("");
        if (scene_.title.empty()) scene_.title = file_name(record.text("path").value_or(""));
        scene_.length = std::max(0.0, seconds_in(record, "length"));
        constexpr int most_channels = 1024;
        scene_.channels = whole_in(record, "channels", 0, most_channels, 0);
    } else if (type == "tempo") {
        tempo_records_.add(record);
    } else if (type == "signature") {
        signatures_.push_back(record);
    } else if (type == "track") {
        auto& track = scene_.track(record.text("track").value_or(""));
        if (const auto name = record.text("name"); name && !name->empty()) track.name = *name;
        track.color = own_color(record.integer("color").value_or(0));
    } else if (type == "sample") {
        const auto id = record.text("sample").value_or("");
        scene_.sample_names[id] = record.text("name").value_or("");
        if (record.raw("base_note"))
            scene_.base_notes[id] = whole_in(record, "base_note", 0, highest_note, 0);
    } else if (type == "clip") {
        add_clip(record);
    } else if (type == "item") {
        items_.push_back(record);
    } else if (type == "note" || type == "control") {
        count(1);
        events_.push_back({record.line(), type == "note"});
    } else if (type == "row") {
        add_row(record);
    }
}

void SceneReader::count(std::size_t things) {
    counted_ += things;
    constexpr std::size_t most = 10'000'000;
    if (counted_ > most)
        refuse_unsupported("song", "has more than 10 million notes and cells; draw a part of it");
}

void SceneReader::add_stem(const Record& record) {
    auto path = record.path("output_path");
    const auto id = record.text("track").value_or("");
    if (!path || id.empty()) return;
    const bool known = scene_.track(id).name != id;
    auto& track = scene_.track(id);
    track.stem = *path;
    if (const auto name = record.text("track_name"); name && !known && !name->empty())
        track.name = *name;
}

void SceneReader::add_clip(const Record& record) {
    auto& clip = scene_.clips.emplace_back();
    clip.track = record.text("track").value_or("");
    clip.sample = record.text("sample").value_or("");
    clip.path = record.path("path").value_or("");
    clip.offset = std::max(0.0, seconds_in(record, "offset"));
    clip.effects = record.raw("effects").value_or("");
    const auto fit = record.text("fit").value_or("cover");
    if (fit != "cover" && fit != "contain")
        throw Error(ErrorKind::bad_record, "fit", "must be cover or contain");
    clip.contain = fit == "contain";
}

void SceneReader::add_row(const Record& record) {
    auto& row = scene_.rows.emplace_back();
    row.time = seconds_in(record, "time");
    row.length = seconds_in(record, "length");
    constexpr int most = 1 << 30;
    row.order = whole_in(record, "order", 0, most, 0);
    row.pattern = whole_in(record, "pattern", 0, most, 0);
    row.row = whole_in(record, "row", 0, most, 0);
    const auto cells = json_elements(record.raw("cells").value_or("[]"));
    if (!cells) throw Error(ErrorKind::bad_record, "cells", "must be an array; correct it");
    count(1 + cells->size());
    for (const auto& text : *cells) {
        const Record cell(text);
        constexpr int most_channels = 1024;
        row.cells.push_back({.channel = whole_in(cell, "channel", 1, most_channels, 1),
                             .note = cell_note(cell),
                             .instrument = cell_instrument(cell),
                             .volume = cell.text("volume").value_or(""),
                             .effect = cell.text("effect").value_or(""),
                             .sample = cell.text("sample").value_or("")});
        scene_.channels = std::max(scene_.channels, row.cells.back().channel);
    }
}

void SceneReader::place(const Event& event) {
    const Record record(event.line);
    const double time = seconds(record, "time", "beat");
    // What an item does not play is not heard.
    if (const auto item = item_spans_.find(record.text("item").value_or(""));
        item != item_spans_.end() && (time < item->second.begin || time >= item->second.end))
        return;
    auto& track = scene_.track(record.text("track").value_or(""));
    if (event.is_note)
        add_note(track, record, time);
    else
        add_bend(track, record, time);
}

void SceneReader::add_note(SceneTrack& track, const Record& record, double time) {
    if (record.flag("silent").value_or(false) || record.flag("muted").value_or(false)) return;
    double length = seconds_in(record, "length");
    if (!record.raw("length") && record.raw("beats"))
        length =
            scene_.tempo.time_at(scene_.tempo.beat_at(time) + record.number("beats").value_or(0)) -
            time;
    constexpr double loudest = 127;
    track.notes.push_back({.time = time,
                           .length = std::max(0.0, checked_seconds(length, "beats")),
                           .note = double(whole_in(record, "note", 0, highest_note, 60)),
                           .velocity = whole_in(record, "velocity", 0, 127, 127) / loudest,
                           .channel = whole_in(record, "channel", 1, 16, 1),
                           .sample = record.text("sample").value_or("")});
    scene_.length = std::max(scene_.length, track.notes.back().end());
}

// Bends, and how far they go: MIDI's registered parameter 0 sets that by controller 6.
void SceneReader::add_bend(SceneTrack& track, const Record& record, double time) {
    const auto kind = record.text("kind").value_or("");
    auto& range = bend_ranges_.try_emplace(track.id, usual_bend_range).first->second;
    constexpr int data_entry = 6, most_bend = 8192;
    if (kind == "controller" && record.integer("number") == data_entry)
        range = whole_in(record, "value", 0, 127, 2);
    if (kind != "bend") return;
    const double bent = whole_in(record, "value", -most_bend, most_bend - 1, 0);
    track.bends.push_back({.time = time,
                           .channel = whole_in(record, "channel", 1, 16, 1),
                           .semitones = bent / most_bend * range});
}

Scene SceneReader::finish() {
    scene_.tempo = tempo_records_.tempo_map();
    for (const auto& item : items_) {
        const double begin = seconds(item, "time", "beat");
        const auto length = item.number("length");
        double end = length ? begin + *length : begin;
        if (const auto beats = item.number("beats"); beats && !length)
            end = scene_.tempo.time_at(scene_.tempo.beat_at(begin) + *beats);
        (void)checked_seconds(end, "length");
        if (end <= begin) continue;
        item_spans_[item.text("item").value_or("")] = {begin, end};
        scene_.length = std::max(scene_.length, end);
    }
    for (const auto& event : events_) place(event);
    for (const auto& record : signatures_)
        scene_.signatures.push_back({.time = seconds(record, "time", "beat"),
                                     .beat = record.number("beat").value_or(0),
                                     .numerator = whole_in(record, "numerator", 1, 255, 4),
                                     .denominator = whole_in(record, "denominator", 1, 256, 4)});
    for (auto& track : scene_.tracks) {
        sort_by_time(track.notes);
        sort_by_time(track.bends);
    }
    sort_by_time(scene_.rows);
    if (!scene_.rows.empty())
        scene_.length =
            std::max(scene_.length, scene_.rows.back().time + scene_.rows.back().length);
    return std::move(scene_);
}

}  // namespace patchpipe
