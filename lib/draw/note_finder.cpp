// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "draw/note_finder.h"

#include <algorithm>
#include <cmath>

namespace patchpipe {
namespace {

constexpr std::size_t midi_channels = 16;

}  // namespace

NoteFinder::NoteFinder(const SceneTrack& track) : track_(&track), bends_(midi_channels + 1) {
    double latest = -1;
    for (const auto& note : track.notes) {
        latest = std::max(latest, note.end());
        latest_ends_.push_back(latest);
    }
    for (const auto& bend : track.bends)
        bends_[static_cast<std::size_t>(bend.channel)].push_back(bend);
}

// The first note that may still sound then: of those before it all have ended.
std::size_t NoteFinder::first_at(double time) const {
    return static_cast<std::size_t>(
        std::upper_bound(latest_ends_.begin(), latest_ends_.end(), time) - latest_ends_.begin());
}

std::size_t NoteFinder::begun_by(double time) const {
    const auto& notes = track_->notes;
    return static_cast<std::size_t>(
        std::upper_bound(notes.begin(), notes.end(), time,
                         [](double at, const SceneNote& note) { return at < note.time; }) -
        notes.begin());
}

std::optional<std::size_t> NoteFinder::newest_at(double time) const {
    const auto first = first_at(time);
    for (auto i = begun_by(time); i > first; --i)
        if (track_->notes[i - 1].end() > time) return i - 1;
    return {};
}

bool NoteFinder::slides(const SceneNote& note) const {
    const auto& bends = bends_[static_cast<std::size_t>(note.channel)];
    const auto first =
        std::upper_bound(bends.begin(), bends.end(), note.time,
                         [](double at, const SceneBend& bend) { return at < bend.time; });
    return first != bends.end() && first->time < note.end();
}

double NoteFinder::bend_at(double time, int channel) const {
    const auto& bends = bends_[static_cast<std::size_t>(channel)];
    const auto behind =
        std::upper_bound(bends.begin(), bends.end(), time,
                         [](double at, const SceneBend& bend) { return at < bend.time; });
    return behind == bends.begin() ? 0 : std::prev(behind)->semitones;
}

std::optional<double> NoteFinder::pitch_at(double time) const {
    const auto index = newest_at(time);
    if (!index) return {};
    const auto& note = track_->notes[*index];
    constexpr double a4 = 69, a4_hz = 440, octave = 12;
    return a4_hz * std::exp2((note.note + bend_at(time, note.channel) - a4) / octave);
}

}  // namespace patchpipe
