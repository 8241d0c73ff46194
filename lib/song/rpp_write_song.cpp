// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The part of RppWriter for tempos, signatures, markers and regions.

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "song/event_list.h"
#include "song/rpp_writer.h"

namespace patchpipe {
namespace {

struct Signature {
    std::int64_t numerator, denominator;
};

Signature signature_of(const Record& signature) {
    const auto numerator = signature.integer("numerator").value_or(4),
               denominator = signature.integer("denominator").value_or(4);
    if (numerator < 1 || numerator > 255 || denominator < 1 || denominator > 1024)
        throw Error(ErrorKind::bad_record, "numerator",
                    "must be 1 to 255, and denominator 1 to 1024; correct them");
    return {numerator, denominator};
}

std::string signature_field(const Record& record) {
    const auto signature = signature_of(record);
    return std::to_string(signature.denominator * 65536 + signature.numerator);
}

}  // namespace

void RppWriter::write_tempo() {
    const auto& signatures = song_.signatures();
    const auto signature = signature_of(signatures.empty() ? Record("{}") : signatures.front());
    line(1, "TEMPO " + rpp_decimal(tempo_.points().front().bpm) + " " +
                std::to_string(signature.numerator) + " " + std::to_string(signature.denominator));
    if (tempo_.points().size() < 2 && signatures.size() < 2 && song_.raws("tempo").empty()) return;
    line(1, "<TEMPOENVEX");
    raws("tempo", 2);
    if (song_.raws("tempo").empty()) line(2, "ACT 1 -1");
    if (tempo_.points().size() > 1 || signatures.size() > 1) write_tempo_points(2);
    line(1, ">");
}

// A signature stands at a point, so there is one where only the signature changes.
void RppWriter::write_tempo_points(std::size_t level) {
    struct Point {
        double time;
        const SongTempo* tempo;
        const Record* signature;
    };
    std::vector<Point> points;
    for (const auto& tempo : tempo_.points()) points.push_back({tempo.time, &tempo, nullptr});
    for (const auto& signature : song_.signatures()) {
        const double time = record_place(signature, tempo_).time;
        const auto same = std::find_if(points.begin(), points.end(), [&](const Point& point) {
            return std::abs(point.time - time) < 1e-9;
        });
        if (same == points.end())
            points.push_back({time, nullptr, &signature});
        else
            same->signature = &signature;
    }
    std::stable_sort(points.begin(), points.end(),
                     [](const auto& one, const auto& other) { return one.time < other.time; });
    const SongTempo* last = &tempo_.points().front();
    for (const auto& point : points) {
        if (point.tempo != nullptr) last = point.tempo;
        line(level,
             "PT " + rpp_decimal(point.time) + " " + rpp_decimal(tempo_.bpm_at(point.time)) +
                 (last->ramp ? " 0" : " 1") +
                 (point.signature != nullptr ? " " + signature_field(*point.signature) : ""));
    }
}

void RppWriter::write_markers(std::span<const Record> markers, std::size_t level) {
    struct Line {
        double time;
        std::string text;
    };
    std::vector<Line> lines;
    std::int64_t number = 0;
    for (const auto& marker : markers) {
        const bool region = marker.text("type") == "region";
        const auto index = std::to_string(marker.integer("index").value_or(++number));
        const auto flags = marker.integer("flags").value_or(0) | static_cast<std::int64_t>(region);
        const auto place = record_place(marker, tempo_);
        const auto time = marker.number("time").value_or(place.time);
        auto text = "MARKER " + index + " " + rpp_decimal(time) + " " +
                    rpp_quoted(marker.text("name").value_or("")) + " " + std::to_string(flags) +
                    " " + std::to_string(marker.integer("color").value_or(0));
        if (const auto guid = marker.text("guid")) text += " 1 R " + *guid + " 0";
        lines.push_back({time, std::move(text)});
        if (!region) continue;
        const auto end_beat = marker.number("end_beat");
        const auto end = marker.number("end").value_or(end_beat ? tempo_.time_at(*end_beat) : time);
        if (end < time)
            throw Error(ErrorKind::bad_record, marker.text("marker").value_or("a region"),
                        "ends before it begins; correct its end");
        lines.push_back(
            {end, "MARKER " + index + " " + rpp_decimal(end) + " \"\" " + std::to_string(flags)});
    }
    std::stable_sort(lines.begin(), lines.end(),
                     [](const auto& one, const auto& other) { return one.time < other.time; });
    for (const auto& one : lines) line(level, one.text);
}

}  // namespace patchpipe
