// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds where a sound has died away, frame by frame, whatever blocks it comes in.
#pragma once

#include <cstdint>
#include <span>

namespace patchpipe {

class TailEnd {
 public:
    /// Looks for the end from the frame `begin` on: where no sample was louder than threshold_db,
    /// in dB of full scale, for `hold` frames.
    TailEnd(int channels, std::int64_t begin, double threshold_db, std::int64_t hold);

    /// Takes the next frames, interleaved.
    void add(std::span<const float> samples);

    /// The length of the sound in frames, the quiet ones at its end included. Until it has ended,
    /// the frame at which it would end if all that follows were quiet.
    [[nodiscard]] std::int64_t end() const { return loud_until_ + hold_; }

    [[nodiscard]] bool ended() const { return frames_ >= end(); }

 private:
    std::int64_t channels_, hold_, loud_until_, frames_ = 0;
    float threshold_;
};

}  // namespace patchpipe
