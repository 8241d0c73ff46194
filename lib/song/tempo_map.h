// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A song's tempo, with ramps, between seconds and beats. A beat is a quarter note, whatever the
// signature. Not here: the tempo map that plug-ins are shown (midi/time_map.h).
#pragma once

#include <cstdint>
#include <vector>

namespace patchpipe {

/// A tempo in quarter notes a minute. The most is that of a MIDI file whose quarter note lasts a
/// microsecond, the least that it can state.
inline constexpr double most_bpm = 60e6;
[[nodiscard]] constexpr bool is_bpm(double bpm) { return bpm > 0 && bpm <= most_bpm; }

/// From this moment on. ramp: the tempo goes linearly in time to that of the next point.
struct SongTempo {
    double time = 0, beat = 0, bpm = 120;
    bool ramp = false;
};

struct SongSignature {
    double time = 0, beat = 0;
    int numerator = 4, denominator = 4;
};

/// Between two points of a ramp, b(t) = b0 + (b1 - b0) (t - t0) / (t1 - t0), so that the beats are
/// (b0 + b(t)) / 2 · (t - t0) / 60; the inverse is a square root.
class TempoMap {
 public:
    /// The tempo until a point is added, and before the first one.
    explicit TempoMap(double bpm = 120);

    /// Adds a point at a time that is not before the last one; one at the same time replaces it.
    void add_at_time(double time, double bpm, bool ramp);
    /// The same at a beat. A ramp that ends there has the length that its mean tempo gives.
    void add_at_beat(double beat, double bpm, bool ramp);

    [[nodiscard]] double beat_at(double time) const;
    [[nodiscard]] double time_at(double beat) const;
    [[nodiscard]] double bpm_at(double time) const;

    /// In order of time, the first at 0 or before, never empty.
    [[nodiscard]] const std::vector<SongTempo>& points() const { return points_; }

 private:
    void add(const SongTempo& point);
    [[nodiscard]] double slope(std::size_t index) const;

    std::vector<SongTempo> points_;
    bool given_ = false;  // false while there is only the tempo of the constructor
};

}  // namespace patchpipe
