// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/tempo_map.h"

#include <algorithm>
#include <cmath>

namespace patchpipe {
namespace {

// The last point at or before the value, or else the first.
std::size_t index_at(const std::vector<SongTempo>& points, double SongTempo::*key, double value) {
    const auto after =
        std::upper_bound(points.begin(), points.end(), value,
                         [key](double wanted, const auto& point) { return wanted < point.*key; });
    return after == points.begin() ? 0 : static_cast<std::size_t>(after - points.begin()) - 1;
}

}  // namespace

TempoMap::TempoMap(double bpm) { points_.push_back({.bpm = bpm > 0 ? bpm : 120}); }

void TempoMap::add(const SongTempo& point) {
    const bool first = !given_ && point.time <= 0;
    if (first || points_.back().time == point.time)
        points_.back() = point;
    else
        points_.push_back(point);
    given_ = true;
}

void TempoMap::add_at_time(double time, double bpm, bool ramp) {
    time = std::max(time, points_.back().time);
    // The ramp before it needs its tempo, so the beat is counted along the mean.
    const auto& last = points_.back();
    const double mean = last.ramp ? (last.bpm + bpm) / 2 : last.bpm;
    add({.time = time,
         .beat = last.beat + (time - last.time) * mean / 60,
         .bpm = bpm,
         .ramp = ramp});
}

void TempoMap::add_at_beat(double beat, double bpm, bool ramp) {
    const auto& last = points_.back();
    beat = std::max(beat, last.beat);
    const double mean = last.ramp ? (last.bpm + bpm) / 2 : last.bpm;
    add({.time = last.time + (beat - last.beat) * 60 / mean,
         .beat = beat,
         .bpm = bpm,
         .ramp = ramp});
}

// How much the tempo grows in a second behind that point.
double TempoMap::slope(std::size_t index) const {
    if (!points_[index].ramp || index + 1 == points_.size()) return 0;
    const auto &from = points_[index], &to = points_[index + 1];
    return to.time > from.time ? (to.bpm - from.bpm) / (to.time - from.time) : 0;
}

double TempoMap::bpm_at(double time) const {
    const auto index = index_at(points_, &SongTempo::time, time);
    const auto& point = points_[index];
    return point.bpm + slope(index) * std::max(time - point.time, 0.0);
}

double TempoMap::beat_at(double time) const {
    const auto index = index_at(points_, &SongTempo::time, time);
    const auto& point = points_[index];
    const double passed = time - point.time;
    const double growth = passed > 0 ? slope(index) : 0;
    return point.beat + (point.bpm + growth * passed / 2) * passed / 60;
}

double TempoMap::time_at(double beat) const {
    const auto index = index_at(points_, &SongTempo::beat, beat);
    const auto& point = points_[index];
    const double beats = beat - point.beat, growth = beats > 0 ? slope(index) : 0;
    if (growth == 0) return point.time + beats * 60 / point.bpm;
    // 60 beats = bpm t + growth t^2 / 2, in the form that does not cancel.
    const double root = std::sqrt(std::max(point.bpm * point.bpm + 2 * growth * 60 * beats, 0.0));
    return point.time + 2 * 60 * beats / (point.bpm + root);
}

}  // namespace patchpipe
