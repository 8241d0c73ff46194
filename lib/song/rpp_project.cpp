// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/rpp_project.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/base64.h"
#include "base/json.h"
#include "song/rpp_rules.h"

namespace patchpipe {
namespace {

// A MARKER line. A region has two, of the same number; the second says where it ends.
struct Marker {
    double time = 0;
    std::optional<double> end;
    std::string index, name, guid;
    std::int64_t flags = 0, color = 0;
    bool region = false;
};

// What the lines of a project say, before it is read.
class ProjectHead {
 public:
    explicit ProjectHead(RppReading& reading) : reading_(reading) {}

    void look();
    void write(const RppLine& header);

 private:
    void take(std::size_t below, const RppLine& line);
    void take_line(const RppLine& line);
    void take_tempo(const RppLine& line);
    void take_point(const RppLine& line);
    void take_marker();
    void write_song(const RppLine& header);
    void write_tempo() const;
    void write_markers() const;
    void write_master() const;

    RppReading& reading_;
    RppFields fields_;
    std::string block_;  // the tag of the block in the project that the walk is in
    RppValues song_{song_rules}, render_{render_rules}, master_{master_rules};
    std::string render_format_;
    bool points_ = false;  // the tempo envelope has some
    std::vector<SongSignature> signatures_;
    std::vector<Marker> markers_;
};

void ProjectHead::look() {
    reading_.walk.look_ahead(1, [&](std::size_t below, const RppLine& line) {
        take(below, line);
        return true;
    });
}

void ProjectHead::take(std::size_t below, const RppLine& line) {
    if (below == 0) block_ = line.kind == RppKind::open ? line.tag() : std::string_view{};
    if (below == 0 && line.kind == RppKind::plain) take_line(line);
    if (below != 1 || line.kind != RppKind::plain) return;
    if (block_ == "TEMPOENVEX" && line.tag() == "PT") take_point(line);
    if (block_ == "RENDER_CFG") render_format_ += rpp_body(line.text());
}

void ProjectHead::take_line(const RppLine& line) {
    if (!is_project_head(line) || !reading_.split(fields_, line)) return;
    if (line.tag() == "TEMPO")
        take_tempo(line);
    else if (line.tag() == "MARKER")
        take_marker();
    else
        (void)(song_.take(fields_) || render_.take(fields_) || master_.take(fields_));
}

// The points of the envelope win, wherever they are.
void ProjectHead::take_tempo(const RppLine& line) {
    if (points_) return;
    const double bpm = fields_.number(1);
    if (!is_bpm(bpm))
        return reading_.complain(line.source.number,
                                 "has no tempo above 0, up to 60000000; correct it");
    reading_.tempo = TempoMap(bpm);
    const auto numerator = static_cast<int>(std::clamp(fields_.number(2), 0.0, 255.0));
    const auto denominator = static_cast<int>(std::clamp(fields_.number(3), 0.0, 1024.0));
    if (numerator > 0 && denominator > 0)
        signatures_.assign(1, {.numerator = numerator, .denominator = denominator});
}

// PT time bpm shape signature, the shape 0 for a ramp, the signature 65536 times the denominator
// and the numerator.
void ProjectHead::take_point(const RppLine& line) {
    if (!reading_.split(fields_, line)) return;
    const double time = fields_.number(1), bpm = fields_.number(2);
    if (!is_bpm(bpm))
        return reading_.complain(line.source.number,
                                 "has no tempo above 0, up to 60000000; correct it");
    if (points_ && time < reading_.tempo.points().back().time)
        return reading_.complain(line.source.number,
                                 "has a tempo before that of the line above; sort the points");
    points_ = true;
    const bool ramp = fields_.number(3) == 0;
    reading_.tempo.add_at_time(time, bpm, ramp);
    const auto packed = static_cast<std::int64_t>(std::clamp(fields_.number(4), 0.0, 1e9));
    if (packed % 65536 == 0 || packed / 65536 == 0) return;
    if (time <= 0) signatures_.clear();
    signatures_.push_back({.time = time,
                           .beat = reading_.tempo.points().back().beat,
                           .numerator = static_cast<int>(packed % 65536),
                           .denominator = static_cast<int>(packed / 65536)});
}

void ProjectHead::take_marker() {
    const auto flags = static_cast<std::int64_t>(std::clamp(fields_.number(4), 0.0, 1e9));
    const bool region = (flags & 1) != 0;
    const auto index = fields_.text(1);
    const double time = fields_.number(2);
    if (region)
        for (auto open = markers_.rbegin(); open != markers_.rend(); ++open)
            if (open->region && !open->end && open->index == index) {
                open->end = time;
                return;
            }
    Marker marker{.time = time,
                  .end = {},
                  .index = std::string(index),
                  .name = std::string(fields_.text(3)),
                  .guid = {},
                  .flags = flags & ~std::int64_t{1},
                  .color = static_cast<std::int64_t>(fields_.number(5)),
                  .region = region};
    for (std::size_t i = 6; i < fields_.size(); ++i)
        if (fields_.text(i).starts_with('{')) marker.guid = fields_.text(i);
    markers_.push_back(std::move(marker));
}

void ProjectHead::write(const RppLine& header) {
    write_song(header);
    write_tempo();
    write_markers();
    write_master();
}

// The format's four letters are stored backwards: "evaw".
std::string format_of(std::string_view coded) {
    auto letters = from_base64(coded.substr(0, coded.size() / 4 * 4)).value_or("").substr(0, 4);
    std::reverse(letters.begin(), letters.end());
    const bool plain =
        letters.size() == 4 &&
        std::all_of(letters.begin(), letters.end(), [](char c) { return c >= ' ' && c <= '~'; });
    while (plain && letters.ends_with(' ')) letters.pop_back();
    return plain ? letters : "";
}

void ProjectHead::write_song(const RppLine& header) {
    RecordLine song("song");
    song.text("format", "rpp").text("content", "project").text("path", reading_.path);
    RppFields fields;
    fields.split(header.text());
    song.text("program", fields.text(2));
    if (const auto saved = fields.number(3); saved > 0)
        song.whole("saved", static_cast<std::int64_t>(std::min(saved, 9e15)));
    if (!reading_.prefix.empty()) song.text("root", reading_.prefix);
    song_.put(song);
    RecordLine render("render");
    render_.put(render);
    if (!render_format_.empty())
        render.text("format", format_of(render_format_)).text("settings", render_format_);
    // Without the type that every record begins with.
    const std::string_view begin = R"({"type":"render",)", line = render.line();
    if (line.starts_with(begin)) song.json("render", "{" + std::string(line.substr(begin.size())));
    if (header.source.end != "\n") song.text("line_end", header.source.end);
    reading_.write(song.line());
}

void ProjectHead::write_tempo() const {
    for (const auto& point : reading_.tempo.points()) {
        RecordLine record("tempo");
        record.number("time", point.time).number("beat", point.beat).number("bpm", point.bpm);
        if (point.ramp) record.flag("ramp", true);
        reading_.write(record.line());
    }
    for (const auto& signature : signatures_)
        reading_.write(RecordLine("signature")
                           .number("time", signature.time)
                           .number("beat", signature.beat)
                           .whole("numerator", signature.numerator)
                           .whole("denominator", signature.denominator)
                           .line());
}

void ProjectHead::write_markers() const {
    for (std::size_t i = 0; i < markers_.size(); ++i) {
        const auto& marker = markers_[i];
        RecordLine record(marker.region ? "region" : "marker");
        record.text("marker", reading_.prefix + "m" + std::to_string(i + 1));
        reading_.put_time(record, marker.time);
        if (marker.region) {
            const double end = marker.end.value_or(marker.time);
            record.number("end", end).number("end_beat", reading_.tempo.beat_at(end));
        }
        record.text("name", marker.name)
            .whole("index", static_cast<std::int64_t>(rpp_number(marker.index)));
        if (marker.color != 0) record.whole("color", marker.color);
        if (marker.flags != 0) record.whole("flags", marker.flags);
        if (!marker.guid.empty()) record.text("guid", marker.guid);
        reading_.write(record.line());
    }
}

void ProjectHead::write_master() const {
    RecordLine record("track");
    record.text("track", reading_.prefix + "master").text("kind", "master");
    master_.put(record);
    reading_.write(record.line());
}

}  // namespace

bool is_project_head(const RppLine& line) {
    if (line.kind != RppKind::plain)
        return line.kind == RppKind::open && line.tag() == "RENDER_CFG";
    const auto tag = line.tag();
    const auto has = [&](RppRules rules) {
        return std::any_of(rules.begin(), rules.end(),
                           [&](const auto& rule) { return rule.tag == tag; });
    };
    return tag == "TEMPO" || tag == "MARKER" || has(song_rules) || has(render_rules) ||
           has(master_rules);
}

void read_project_head(RppReading& reading, const RppLine& header) {
    ProjectHead head(reading);
    // The walk moves on, so the line is kept.
    const std::string text(header.text()), end(header.source.end);
    RppLine kept = header;
    kept.source.text = text;
    kept.source.end = end;
    head.look();
    head.write(kept);
}

void read_tempo_block(RppReading& reading) {
    while (const auto line = reading.walk.next()) {
        if (line->kind == RppKind::open)
            reading.raw_block(*line, "tempo");
        else if (line->kind != RppKind::plain || line->tag() != "PT")
            reading.raw(*line, "tempo");
    }
}

}  // namespace patchpipe
