// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Maps seconds to positions in the music, by tempo changes and time signatures, for a host's
// playhead. Not here: how they are read from a file (midi_file.h).
#pragma once

#include <cstdint>
#include <vector>

namespace patchpipe {

/// From this moment on the tempo is bpm quarter notes a minute. quarters counts quarter notes from
/// the beginning.
struct TempoPoint {
    double seconds = 0, quarters = 0, bpm = 120;
};

/// From this quarter note on, where a bar begins, a bar is numerator/denominator whole notes.
struct SignaturePoint {
    double quarters = 0;
    int numerator = 4, denominator = 4;
};

/// What a playhead shows at one moment. Positions are in quarter notes from the beginning.
struct Position {
    double quarters = 0, bar_start_quarters = 0, bpm = 120;
    int numerator = 4, denominator = 4;
};

/// Both lists are in order of time, begin at 0 and are never empty. The default is 120 bpm in 4/4.
struct TimeMap {
    std::vector<TempoPoint> tempos{TempoPoint{}};
    std::vector<SignaturePoint> signatures{SignaturePoint{}};

    /// Before 0 is what the first tempo and time signature continue to.
    [[nodiscard]] Position position_at(double seconds) const;
};

/// The frame nearest to a time, 9e18 at most. In double, because a float is not exact beyond 380 s
/// at 44.1 kHz.
[[nodiscard]] std::int64_t frame_at(double seconds, double sample_rate);

}  // namespace patchpipe
