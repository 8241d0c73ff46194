// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "module/module_records.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/json.h"
#include "base/words.h"
#include "module/module_plan.h"
#include "module/module_requests.h"
#include "record/record_line.h"
#include "song/drums.h"
#include "song/module_terms.h"
#include "song/sample_item.h"

namespace patchpipe {
namespace {

// Of bends, in semitones up and down.
constexpr int bend_range = 24;

std::string name_of(const std::vector<std::string>& names, int number) {
    const auto index = static_cast<std::size_t>(number);
    return number >= 0 && index < names.size() ? names[index] : "";
}

// Names are filled with blanks in some formats.
std::string trimmed_name(const std::string& name) {
    const auto text = text_as_utf8(name);
    const auto begin = text.find_first_not_of(' ');
    return begin == text.npos ? "" : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

std::string_view end_word(int note) {
    return note == ModuleCell::off ? "off" : note == ModuleCell::cut ? "cut" : "fade";
}

}  // namespace

std::string voice_id(const ModuleInfo& info, int voice) {
    if (voice < 0 || static_cast<std::size_t>(voice) >= info.voices().size()) return "";
    return (info.instruments.empty() ? "s" : "i") + std::to_string(voice + 1);
}

void ModuleRecords::write_song(const std::string& path, int subsong) const {
    const auto& info = module_.info();
    RecordLine song("song");
    song.text("format", info.format).text("path", path);
    const auto text = [&](std::string_view key, const std::string& value) {
        if (!value.empty()) song.text(key, value);
    };
    text("title", info.title);
    text("author", info.artist);
    text("program", info.tracker);
    text("message", info.message);
    song.number("length", played_.seconds(played_.frames));
    song.whole("sample_rate", played_.sample_rate).whole("channels", info.channels);
    if (info.subsongs > 1) {
        song.whole("subsong", subsong + 1).whole("subsongs", info.subsongs);
        text("subsong_name", name_of(info.subsong_names, subsong));
    }
    if (!info.warnings.empty()) song.json("warnings", json_list_as_utf8(info.warnings));
    write_(song.line());
}

double ModuleRecords::beat_at(std::int64_t frame) const {
    const auto& rows = played_.rows;
    auto row = std::upper_bound(rows.begin(), rows.end(), frame,
                                [](auto at, const auto& one) { return at < one.frame; });
    if (row == rows.begin()) return 0;
    --row;
    const auto within = static_cast<double>(frame - row->frame);
    const auto length = static_cast<double>(std::max<std::int64_t>(row->frames, 1));
    return (static_cast<double>(std::distance(rows.begin(), row)) + within / length) / rows_of_beat;
}

void ModuleRecords::write_tempos() const {
    std::int64_t before = 0;
    for (std::size_t i = 0; i < played_.rows.size(); ++i) {
        const auto& row = played_.rows[i];
        if (row.frames == before || row.frames == 0) continue;
        before = row.frames;
        write_(RecordLine("tempo")
                   .number("time", played_.seconds(row.frame))
                   .number("beat", static_cast<double>(i) / rows_of_beat)
                   .number("bpm", 60 / (rows_of_beat * played_.seconds(row.frames)))
                   .line());
    }
}

void ModuleRecords::write_samples(const std::vector<std::string>& paths) const {
    const auto& info = module_.info();
    const auto write = [&](char prefix, const std::vector<std::string>& names, bool voices) {
        for (std::size_t i = 0; i < names.size(); ++i) {
            RecordLine record("sample");
            record.text("sample", prefix + std::to_string(i + 1)).text("name", names[i]);
            record.flag("in_module", true);
            if (voices && i < paths.size() && !paths[i].empty())
                record.text("path", paths[i]).whole("base_note", 60);
            write_(record.line());
        }
    };
    write('i', info.instruments, true);
    write('s', info.samples, info.instruments.empty());
}

std::string ModuleRecords::cells_of(const PlayedRow& row) const {
    std::vector<std::string> cells;
    const auto [order, pattern, number] = row.place;
    for (int i = 0; i < module_.info().channels; ++i) {
        const auto cell = module_.cell(pattern, number, i);
        if (cell.empty()) continue;
        Record record("{}");
        record.set("channel", i + 1);
        if (cell.has_note()) record.set("note", cell.note - 1);
        if (cell.note >= ModuleCell::fade) record.set("end", end_word(cell.note));
        if (cell.instrument > 0) {
            record.set("instrument", cell.instrument);
            if (const auto id = voice_id(module_.info(), cell.instrument - 1); !id.empty())
                record.set("sample", id);
        }
        if (cell.volume_effect != 0)
            record.set("volume", text_as_utf8(module_.volume_text(pattern, number, i)));
        if (cell.effect != 0)
            record.set("effect", text_as_utf8(module_.effect_text(pattern, number, i)));
        cells.push_back(record.line());
    }
    return "[" + joined(cells, ",") + "]";
}

void ModuleRecords::write_rows() const {
    for (std::size_t i = 0; i < played_.rows.size(); ++i) {
        const auto& row = played_.rows[i];
        write_(RecordLine("row")
                   .number("time", played_.seconds(row.frame))
                   .number("beat", static_cast<double>(i) / rows_of_beat)
                   .number("length", played_.seconds(row.frames))
                   .whole("order", row.place.order)
                   .whole("pattern", row.place.pattern)
                   .whole("row", row.place.row)
                   .whole("speed", row.speed)
                   .whole("tempo", row.tempo)
                   .json("cells", cells_of(row))
                   .line());
    }
}

std::string ModuleRecords::note_line(int channel, const ModuleNote& note) const {
    RecordLine record("note");
    const auto end = note.frame + note.frames;
    const double beat = beat_at(note.frame);
    record.text("track", track_id(channel))
        .number("time", played_.seconds(note.frame))
        .number("beat", beat)
        .number("length", played_.seconds(note.frames))
        .number("beats", beat_at(end) - beat)
        .whole("note", note.note)
        .number("cents", std::round((100 * note.note + note.cents) * 1000) / 1000)
        .whole("velocity", note.velocity)
        .whole("channel", melodic_channel(channel));
    if (const auto id = voice_id(module_.info(), note.voice); !id.empty())
        record.text("sample", id);
    if (note.silent) record.flag("silent", true);
    return std::string(record.line());
}

std::string ModuleRecords::control_line(int channel, std::int64_t frame, std::string_view kind,
                                        int number, int value) const {
    RecordLine record("control");
    record.text("track", track_id(channel))
        .number("time", played_.seconds(frame))
        .number("beat", beat_at(frame))
        .text("kind", kind);
    if (number >= 0) record.whole("number", number);
    record.whole("value", value).whole("channel", melodic_channel(channel));
    return std::string(record.line());
}

// A line, and when it is; what moves a note that begins is before it.
struct ModuleRecords::Line {
    std::int64_t frame;
    bool is_note;
    std::string text;
};

void ModuleRecords::write_track_record(int channel, std::string_view kind, bool in_middle) const {
    constexpr int stereo_pan = 5;  // a pan_mode
    RecordLine track("track");
    track.text("track", track_id(channel)).text("kind", kind);
    track.text("name", channel_name(module_.info(), channel));
    track.number("pan", played_.panning[static_cast<std::size_t>(channel)]);
    // What is in the middle goes to left and right as libopenmpt distributes it: (1 - pan) / 2 and
    // (1 + pan) / 2.
    if (in_middle) track.whole("pan_mode", stereo_pan).number("width", 0);
    track.number("length", played_.seconds(played_.frames))
        .number("beats", beat_at(played_.frames));
    write_(track.line());
}

// The expression while the note plays, as an envelope in steps.
void ModuleRecords::write_gains(const std::string& item, const ModuleNote& note,
                                const ChannelNotes& found) const {
    constexpr int full = 127;
    const auto& changes = found.expressions;
    auto change = std::upper_bound(changes.begin(), changes.end(), note.frame,
                                   [](auto frame, const auto& one) { return frame < one.frame; });
    const int first = change == changes.begin() ? full : std::prev(change)->value;
    std::vector<std::string> points;
    const auto put = [&](std::int64_t frame, int value) {
        points.push_back("[" + json_number(played_.seconds(frame - note.frame)) + "," +
                         json_number(static_cast<double>(value) / full) + ",\"square\"]");
    };
    for (; change != changes.end() && change->frame < note.frame + note.frames; ++change) {
        if (points.empty()) put(note.frame, first);
        put(change->frame, change->value);
    }
    if (points.empty() && first != full) put(note.frame, first);
    if (points.empty()) return;
    write_(RecordLine("envelope")
               .text("envelope", item + ".e1")
               .text("item", item)
               .text("target", "gain")
               .flag("active", true)
               .json("points", "[" + joined(points, ",") + "]")
               .line());
}

void ModuleRecords::write_items(int channel, const ChannelNotes& found,
                                const std::vector<std::string>& paths, bool whole_rows) const {
    write_track_record(channel, "audio", !paths.empty());
    constexpr double full = 127, octave = 12, middle_c = 60;
    int number = 0;
    for (const auto& note : found.notes) {
        const auto id = voice_id(module_.info(), note.voice);
        if (note.silent || note.frames <= 0 || id.empty()) continue;
        const auto voice = static_cast<std::size_t>(note.voice);
        const auto name = trimmed_name(module_.info().voices()[voice]);
        SampleItem item{.track = track_id(channel),
                        .number = ++number,
                        .time = played_.seconds(note.frame),
                        .length = played_.seconds(note.frames),
                        .beat = beat_at(note.frame),
                        .beats = beat_at(note.frame + note.frames) - beat_at(note.frame),
                        .sample = id,
                        .name = name.empty() ? id : name,
                        .path = voice < paths.size() ? paths[voice] : "",
                        .loop = whole_rows};
        if (item.path.empty()) item.path = item.name;
        if (!whole_rows) {
            item.rate = std::exp2((note.note + note.cents / 100 - middle_c) / octave);
            item.gain = note.velocity / full;
        }
        write_(sample_item_line(item));
        if (!whole_rows) write_gains(sample_item_id(item), note, found);
    }
}

void ModuleRecords::write_track(int channel, const ChannelNotes& found) const {
    write_track_record(channel, "midi", false);
    std::vector<Line> lines;
    const auto control = [&](std::int64_t frame, std::string_view kind, int number, int value) {
        lines.push_back({frame, false, control_line(channel, frame, kind, number, value)});
    };
    // MIDI's registered parameter 0 is the range of bends.
    if (!found.bends.empty())
        for (const auto& [number, value] : {std::pair{101, 0}, {100, 0}, {6, bend_range}, {38, 0}})
            control(0, "controller", number, value);
    for (const auto& bend : found.bends) {
        constexpr double steps = 8192;
        const auto value = std::lround(steps * bend.cents / (100 * bend_range));
        control(bend.frame, "bend", -1, static_cast<int>(std::clamp(value, -8192L, 8191L)));
    }
    constexpr int expression = 11;
    for (const auto& change : found.expressions)
        control(change.frame, "controller", expression, change.value);
    for (const auto& note : found.notes)
        lines.push_back({note.frame, true, note_line(channel, note)});
    std::stable_sort(lines.begin(), lines.end(), [](const auto& one, const auto& other) {
        return std::pair(one.frame, one.is_note) < std::pair(other.frame, other.is_note);
    });
    for (const auto& line : lines) write_(line.text);
}

}  // namespace patchpipe
