// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A value that changes along a song: an envelope of a track, a send or a take, as
// patchpipe-song(5) has it. Not here: what the value does (fader.h, item_gains.h).
//
// The shapes between two points are those of REAPER as SWS, its open extension, calculates them
// (BR_EnvelopeUtil.cpp). With x from 0 to 1 they are x, 0, x²(3 - 2x), 1 - (1 - x)³, x³ and a cubic
// Bézier curve.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "song/song_model.h"

namespace patchpipe {

class Envelope {
 public:
    enum class Shape { linear, square, slow, fast_start, fast_end, bezier };

    struct Point {
        double time;  ///< seconds
        double value;
        Shape shape = Shape::linear;  ///< until the next point
        double tension = 0;           ///< of bezier, -1 to 1
    };

    /// In order of time; of points at the same time the last one counts from there on. There is one
    /// at least. With along_fader a gain moves between two points as a fader at an even speed: see
    /// fader_travel().
    Envelope(std::vector<Point> points, bool along_fader);

    /// Fills values with those of the frames from begin on, of that many a second. Before the first
    /// point it has the value of that, and behind the last one of that.
    void fill(std::int64_t begin, double sample_rate, std::span<double> values) const;

    [[nodiscard]] const std::vector<Point>& points() const { return points_; }

 private:
    [[nodiscard]] double between(std::size_t point, double time) const;
    [[nodiscard]] double bezier(std::size_t point, double time) const;

    std::vector<Point> points_;  // the values are travels of a fader with along_fader
    bool along_fader_;
};

/// How far up REAPER's fader a gain is, but for a factor: ln(1 + 1.555 gain^0.4025). REAPER's own
/// formula is not public. This one has the positions that scripts have found in it, 0.8528 of the
/// way at +6.02 dB and 0.7162 at 0 dB, and those that they measured down to -60 dB within 0.015.
[[nodiscard]] double fader_travel(double gain);
[[nodiscard]] double gain_of_travel(double travel);

/// The envelope with that id; nothing if it has no points. Throws Error bad-record.
[[nodiscard]] std::optional<Envelope> envelope_of(const SongModel& song, const std::string& id);

/// The envelope of the owner, a track, a send or an item, for that target and stage, empty behind
/// the effects. Nothing if it has none that is active. Throws Error bad-record for points that are
/// none.
[[nodiscard]] std::optional<Envelope> find_envelope(const SongModel& song, const std::string& owner,
                                                    std::string_view target,
                                                    std::string_view stage = {});

}  // namespace patchpipe
