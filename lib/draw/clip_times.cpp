// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "draw/clip_times.h"

#include <algorithm>
#include <cmath>

namespace patchpipe {
namespace {

constexpr double together = 0.005;  // seconds: notes of a chord

double beats_of_bar(const Scene& scene, double time) {
    double beats = 4;
    for (const auto& signature : scene.signatures)
        if (signature.time <= time) beats = 4.0 * signature.numerator / signature.denominator;
    return beats;
}

// Until when a note is seen if the next one begins then.
double seen_until(const Scene& scene, const SceneNote& note, double next,
                  ClipSettings::Legato legato) {
    using Legato = ClipSettings::Legato;
    if (legato == Legato::none) return note.end();
    if (legato == Legato::next) return std::max(note.end(), next);
    const double beats = legato == Legato::beat ? 1 : beats_of_bar(scene, note.time);
    const double longer = scene.tempo.time_at(scene.tempo.beat_at(note.end()) + beats);
    return std::max(note.end(), std::min(next, longer));
}

// When the next note begins that is not of the same chord, of each note.
std::vector<double> next_beginnings(const Scene& scene, const SceneTrack& track) {
    const auto& notes = track.notes;
    std::vector<double> nexts(notes.size(), scene.length);
    std::size_t next = 0;
    for (std::size_t i = 0; i < notes.size(); ++i) {
        while (next < notes.size() && notes[next].time <= notes[i].time + together) ++next;
        if (next < notes.size()) nexts[i] = notes[next].time;
    }
    return nexts;
}

}  // namespace

std::size_t clip_of(const Scene& scene, const SceneTrack& track, const SceneNote& note) {
    auto best = ClipNote::no_clip;
    int best_rank = -1;
    for (std::size_t i = 0; i < scene.clips.size(); ++i) {
        const auto& clip = scene.clips[i];
        const bool for_track = clip.track == track.id && !clip.track.empty();
        const bool for_sample = clip.sample == note.sample && !clip.sample.empty();
        if ((!clip.track.empty() && !for_track) || (!clip.sample.empty() && !for_sample)) continue;
        const int rank = 2 * int(for_sample) + int(for_track);
        if (rank <= best_rank) continue;
        best_rank = rank;
        best = i;
    }
    return best;
}

ClipTimes::ClipTimes(const Scene& scene, const SceneTrack& track, const ViewSettings& settings) {
    const double frame = settings.rate.begin_of(1);
    bool flipped = true;
    double latest = -1;
    const auto nexts = next_beginnings(scene, track);
    for (std::size_t i = 0; i < track.notes.size(); ++i) {
        const auto& note = track.notes[i];
        if (i == 0 || note.time > track.notes[i - 1].time + together) flipped = !flipped;
        auto& seen = notes_.emplace_back();
        seen.begin = note.time;
        // Any note is seen in a frame.
        seen.end =
            std::max(seen_until(scene, note, nexts[i], settings.clips.legato), note.time + frame);
        seen.flipped = settings.clips.flip && flipped;
        seen.clip = clip_of(scene, track, note);
        const auto base = scene.base_notes.find(note.sample);
        constexpr double octave = 12, middle_c = 60;
        if (settings.clips.tuned)
            seen.speed = std::exp2(
                (note.note - (base == scene.base_notes.end() ? middle_c : base->second)) / octave);
        latest = std::max(latest, seen.end);
        latest_ends_.push_back(latest);
    }
}

std::vector<ClipNote> ClipTimes::at(double time) const {
    std::vector<ClipNote> seen;
    const auto first = std::upper_bound(latest_ends_.begin(), latest_ends_.end(), time);
    for (auto i = static_cast<std::size_t>(first - latest_ends_.begin());
         i < notes_.size() && notes_[i].begin <= time; ++i)
        if (notes_[i].end > time) seen.push_back(notes_[i]);
    return seen;
}

std::int64_t picture_at(double seconds, double length, double speed, std::int64_t pictures,
                        const FrameRate& rate, ClipSettings::Short when_short) {
    const double all = rate.begin_of(pictures);
    double at = seconds * speed;
    if (when_short == ClipSettings::Short::stretch && all < length * speed)
        at *= all / (length * speed);
    constexpr double rounding = 1e-6;  // of times that are where a picture begins
    const auto picture = static_cast<std::int64_t>(std::floor(at / rate.begin_of(1) + rounding));
    if (when_short == ClipSettings::Short::loop) return picture % pictures;
    return std::min(picture, pictures - 1);
}

}  // namespace patchpipe
