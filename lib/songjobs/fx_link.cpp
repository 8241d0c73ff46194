// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "songjobs/fx_link.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/base64.h"
#include "base/error.h"
#include "base/json.h"
#include "file/content_hash.h"
#include "songmix/envelope.h"

namespace patchpipe {
namespace {

// "#3", or a name or id where a record by hand has that.
std::string parameter_name(const Record& parameter, const std::string& envelope) {
    if (const auto index = parameter.integer("index")) return "#" + std::to_string(*index);
    if (const auto name = parameter.text("name").value_or(""); !name.empty()) return name;
    if (const auto id = parameter.text("id").value_or(""); !id.empty()) return "id:" + id;
    throw Error(ErrorKind::bad_record, envelope,
                "names no parameter; give it the index, the name or the id of one");
}

/// Points of a line, with the values of the plug-in's own range made 0 to 1.
class Lane {
 public:
    Lane(const Record& parameter, double begin)
        : begin_(begin),
          min_(parameter.number("min").value_or(0)),
          max_(parameter.number("max").value_or(1)) {}

    void add(double time, double value) {
        if (max_ > min_) value = (value - min_) / (max_ - min_);
        points_ += (points_.empty() ? "[" : ",[") + json_number(std::max(0.0, time + begin_)) +
                   "," + json_number(std::clamp(value, 0.0, 1.0)) + "]";
    }

    [[nodiscard]] std::string json(const std::string& name) const {
        Record lane("{}");
        lane.set("parameter", name);
        lane.set_json("points", "[" + points_ + "]");
        return lane.line();
    }

 private:
    double begin_, min_, max_;
    std::string points_;
};

// In seconds, of all segments.
double length_of_curves(const std::vector<Envelope::Point>& points) {
    double length = 0;
    for (std::size_t i = 0; i + 1 < points.size(); ++i)
        if (points[i].shape != Envelope::Shape::square &&
            points[i].shape != Envelope::Shape::linear)
            length += std::max(points[i + 1].time - points[i].time, 0.0);
    return length;
}

constexpr double usual_rate = 100;  // points a second
constexpr double most_of_segment = 10'000, most_of_lane = 100'000, most_of_song = 1'000'000;

// So many points a second, but no more than a segment and its lane may have, and of these a share.
void add_curve(Lane& lane, const Envelope& envelope, double begin, double end, double lane_rate) {
    const double rate = std::min(lane_rate, most_of_segment / (end - begin));
    constexpr auto block = 4096;
    std::vector<double> values(block);
    const auto last = static_cast<std::int64_t>(std::ceil(end * rate));
    for (auto at = static_cast<std::int64_t>(std::floor(begin * rate)) + 1; at < last;
         at += block) {
        const auto count = static_cast<std::size_t>(std::min<std::int64_t>(block, last - at));
        envelope.fill(at, rate, std::span(values).first(count));
        for (std::size_t i = 0; i < count; ++i)
            lane.add(static_cast<double>(at + static_cast<std::int64_t>(i)) / rate, values[i]);
    }
}

// The first value holds from the beginning on.
std::string lane_of(const SongModel& song, const std::string& id, const LaneTimes& times) {
    const double begin = times.begin;
    const auto& record = *song.find(id);
    const Record parameter(record.raw("parameter").value_or("{}"));
    const auto envelope = envelope_of(song, id);
    if (!envelope) return "";
    Lane lane(parameter, begin);
    const auto& points = envelope->points();
    const double rate = std::min(usual_rate, most_of_lane / length_of_curves(points)) * times.share;
    if (points.front().time + begin > 0) lane.add(-begin, points.front().value);
    for (std::size_t i = 0; i < points.size(); ++i) {
        lane.add(points[i].time, points[i].value);
        if (i + 1 == points.size()) break;
        const auto& next = points[i + 1];
        if (points[i].shape == Envelope::Shape::square)
            lane.add(next.time, points[i].value);
        else if (points[i].shape != Envelope::Shape::linear && next.time > points[i].time)
            add_curve(lane, *envelope, points[i].time, next.time, rate);
    }
    return lane.json(parameter_name(parameter, id));
}

// The envelopes that move its parameters.
SongModel::Ids lanes_of(const SongModel& song, const std::string& effect) {
    auto lanes = song.envelopes(effect);
    std::erase_if(lanes, [&](const auto& id) {
        const auto& record = *song.find(id);
        return record.text("target") != "parameter" || !record.flag("active").value_or(true);
    });
    return lanes;
}

std::string automation(const SongModel& song, const std::string& effect, const LaneTimes& times) {
    std::string lanes;
    for (const auto& id : lanes_of(song, effect))
        if (const auto lane = lane_of(song, id, times); !lane.empty())
            lanes += (lanes.empty() ? "" : ",") + lane;
    return lanes;
}

std::string state_file(const std::string& id, const Record& effect, const WorkFolder& folder) {
    const auto bytes = from_base64(*effect.text("state"));
    if (!bytes)
        throw Error(ErrorKind::bad_record, id, "has a state that is not base64; correct it");
    auto hash = content_hash(*bytes);
    hash.erase(0, hash.find(':') + 1);
    const auto path = folder.file("states", hash, ".state");
    WorkFolder::keep(path, *bytes);
    return path;
}

}  // namespace

Record fx_link(const SongModel& song, const std::string& effect, const std::string& plugin,
               const WorkFolder& folder, const LaneTimes& times) {
    const auto& record = *song.find(effect);
    Record link("{}");
    link.set("plugin_path", plugin);
    for (const auto* const key : {"state_path", "preset_path"})
        if (const auto path = record.path(key)) link.set(key, song.file_path(*path));
    if (!link.raw("state_path") && record.raw("state"))
        link.set("state_path", state_file(effect, record, folder));
    const bool has_sound = link.raw("state_path") || link.raw("preset_path");
    for (const auto* const key : {"preset_uri", "state_format", "compile_options", "nvoices"})
        if (const auto value = record.raw(key)) link.set_json(key, *value);
    if (const auto program = record.raw("program"); program && !has_sound && *program != "\"\"")
        link.set_json("program", *program);
    // Of a JS they are a list.
    if (const auto values = record.raw("parameters"); values && values->starts_with('{'))
        link.set_json("parameters", *values);
    if (const auto lanes = automation(song, effect, times); !lanes.empty())
        link.set_json("automation", "[" + lanes + "]");
    if (const auto wet = record.number("wet"); wet && *wet != 1) link.set("wet", *wet);
    return link;
}

double share_of_curves(const SongModel& song, const SongModel::Ids& effects) {
    double points = 0;
    for (const auto& effect : effects)
        for (const auto& id : lanes_of(song, effect))
            if (const auto envelope = envelope_of(song, id))
                points += std::min(length_of_curves(envelope->points()) * usual_rate, most_of_lane);
    return std::min(1.0, most_of_song / points);
}

bool has_unread_state(const SongModel& song, const std::string& effect) {
    const auto& record = *song.find(effect);
    return song.song().text("format") == "rpp" && record.text("plugin_kind") == "lv2" &&
           !record.raw("state") && !record.raw("state_path") && !record.raw("preset_path");
}

}  // namespace patchpipe
