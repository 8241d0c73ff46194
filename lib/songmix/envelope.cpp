// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "songmix/envelope.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "base/number.h"

namespace patchpipe {
namespace {

constexpr double fader_scale = 1.555, fader_power = 0.4025;

constexpr std::array<std::string_view, 6> shape_names = {"linear",     "square",   "slow",
                                                         "fast-start", "fast-end", "bezier"};

[[noreturn]] void refuse_point(const std::string& id, const std::string& point) {
    throw Error(ErrorKind::bad_record, id,
                "has a point that is no array of a time, a value, a shape and a tension: " + point +
                    "; correct it");
}

Envelope::Point point_of(const std::string& id, const std::string& json) {
    const auto parts = json_elements(json).value_or(std::vector<std::string>{});
    const auto number = [&](std::size_t i) {
        const auto value = parse_number(parts[i]);
        if (!value) refuse_point(id, json);
        return *value;
    };
    if (parts.size() < 2) refuse_point(id, json);
    Envelope::Point point{.time = number(0), .value = number(1)};
    if (parts.size() > 2) {
        const auto names = json_texts("[" + parts[2] + "]");
        const auto found = std::find(shape_names.begin(), shape_names.end(),
                                     names.empty() ? std::string_view() : names.front());
        const auto shape = parse_whole<std::size_t>(parts[2]).value_or(
            static_cast<std::size_t>(found - shape_names.begin()));
        if (shape >= shape_names.size()) refuse_point(id, json);
        point.shape = static_cast<Envelope::Shape>(shape);
    }
    if (parts.size() > 3) point.tension = std::clamp(number(3), -1.0, 1.0);
    return point;
}

void add_points(std::vector<Envelope::Point>& points, const std::string& id, const Record& record) {
    const auto json = record.raw("points");
    if (!json) return;
    const auto elements = json_elements(*json);
    if (!elements) throw Error(ErrorKind::bad_record, id, "points is no array; correct it");
    for (const auto& element : *elements) points.push_back(point_of(id, element));
}

// A cubic Bézier curve over one coordinate.
struct Cubic {
    double from, first, second, to;

    [[nodiscard]] double at(double t) const {
        const double u = 1 - t;
        return u * u * u * from + 3 * u * u * t * first + 3 * u * t * t * second + t * t * t * to;
    }
};

// Where along the curve that time is; times never fall along it.
double place_of(const Cubic& times, double time) {
    double low = 0, high = 1;
    constexpr int steps = 52;  // the bits of a double
    for (int i = 0; i < steps; ++i) {
        const double middle = (low + high) / 2;
        (times.at(middle) < time ? low : high) = middle;
    }
    return (low + high) / 2;
}

}  // namespace

double fader_travel(double gain) {
    return std::log1p(fader_scale * std::pow(std::max(gain, 0.0), fader_power));
}

double gain_of_travel(double travel) {
    return std::pow(std::expm1(std::max(travel, 0.0)) / fader_scale, 1 / fader_power);
}

Envelope::Envelope(std::vector<Point> points, bool along_fader)
    : points_(std::move(points)), along_fader_(along_fader) {
    if (!along_fader_) return;
    for (auto& point : points_) point.value = fader_travel(point.value);
}

void Envelope::fill(std::int64_t begin, double sample_rate, std::span<double> values) const {
    const auto time_of = [&](std::size_t i) {
        return static_cast<double>(begin + static_cast<std::int64_t>(i)) / sample_rate;
    };
    const auto next = std::upper_bound(points_.begin(), points_.end(), time_of(0),
                                       [](double time, const Point& p) { return time < p.time; });
    auto behind = static_cast<std::size_t>(next - points_.begin());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double time = time_of(i);
        while (behind < points_.size() && points_[behind].time <= time) ++behind;
        if (behind == 0)
            values[i] = points_.front().value;
        else if (behind == points_.size())
            values[i] = points_.back().value;
        else
            values[i] = between(behind - 1, time);
        if (along_fader_) values[i] = gain_of_travel(values[i]);
    }
}

// Between a point and the next one, which is later.
double Envelope::between(std::size_t point, double time) const {
    const auto &from = points_[point], &to = points_[point + 1];
    const double x = (time - from.time) / (to.time - from.time);
    const auto blend = [&](double share) { return from.value + (to.value - from.value) * share; };
    switch (from.shape) {
        case Shape::square:
            return from.value;
        case Shape::slow:
            return blend(x * x * (3 - 2 * x));
        case Shape::fast_start:
            return blend(1 - (1 - x) * (1 - x) * (1 - x));
        case Shape::fast_end:
            return blend(x * x * x);
        case Shape::bezier:
            return bezier(point, time);
        default:
            return blend(x);
    }
}

// The control points are a quarter of the way to the neighbour, along the slope of the line between
// the points on both sides. Tension moves them: towards the later point's time and the earlier
// one's value above 0, and the other way below.
double Envelope::bezier(std::size_t point, double time) const {
    constexpr double reach = 0.25;
    const auto &from = points_[point], &to = points_[point + 1];
    const auto& before = points_[point == 0 ? 0 : point - 1];
    const auto& behind = points_[std::min(point + 2, points_.size() - 1)];
    const auto slope = [](const Point& a, const Point& b) {
        return a.time == b.time ? 0 : (b.value - a.value) / (b.time - a.time);
    };
    const double step = reach * (to.time - from.time);
    Cubic times{from.time, from.time + step, to.time - step, to.time};
    Cubic values{from.value, from.value + slope(before, to) * step,
                 to.value - slope(from, behind) * step, to.value};
    const double tension = from.tension;
    for (double* time_at : {&times.first, &times.second})
        *time_at += tension * (tension > 0 ? to.time - *time_at : *time_at - from.time);
    for (double* value : {&values.first, &values.second})
        *value -= tension * (tension > 0 ? *value - from.value : to.value - *value);
    return values.at(place_of(times, time));
}

std::optional<Envelope> envelope_of(const SongModel& song, const std::string& id) {
    const auto& record = *song.find(id);
    if (record.integer("automation_items").value_or(0) > 0)
        throw Error(ErrorKind::unsupported, id,
                    "has automation items, which cannot be followed; make them points of the "
                    "envelope in REAPER, or make it inactive");
    std::vector<Envelope::Point> points;
    add_points(points, id, record);
    for (const auto& more : song.more(id)) add_points(points, id, Record(more));
    if (points.empty()) return {};
    std::stable_sort(points.begin(), points.end(),
                     [](const auto& a, const auto& b) { return a.time < b.time; });
    return Envelope(std::move(points), record.text("scale") == "fader");
}

std::optional<Envelope> find_envelope(const SongModel& song, const std::string& owner,
                                      std::string_view target, std::string_view stage) {
    for (const auto& id : song.envelopes(owner)) {
        const auto& record = *song.find(id);
        if (record.text("target").value_or("") == target &&
            record.text("stage").value_or("") == stage && record.flag("active").value_or(true))
            return envelope_of(song, id);
    }
    return {};
}

}  // namespace patchpipe
