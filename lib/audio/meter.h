// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Measures audio for a record: levels, defects and a hash, block by block from the float32 frames
// before they are quantised.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "audio/audio_format.h"
#include "file/content_hash.h"

namespace patchpipe {

class Meter {
 public:
    /// Adds interleaved frames.
    void add(std::span<const float> samples);

    /// The greatest magnitude, linear; 1.0 is full scale. NaN does not count.
    [[nodiscard]] double peak() const { return peak_; }
    /// The level of all channels together, in dB relative to full scale; nothing for silence.
    [[nodiscard]] std::optional<double> rms_db() const;
    /// Samples beyond full scale.
    [[nodiscard]] std::int64_t clipped_samples() const { return clipped_; }
    /// Samples that are NaN or infinite.
    [[nodiscard]] std::int64_t non_finite_samples() const { return non_finite_; }
    /// True if every sample is below one step of the depth; for float32, if all are exactly zero.
    [[nodiscard]] bool silent(AudioFormat::Depth depth) const { return peak_ < one_step(depth); }
    /// "xxh128:" and 32 hexadecimal digits: XXH3's 128 bits over the interleaved frames as
    /// little-endian float32. The block size does not matter.
    [[nodiscard]] std::string audio_hash() const { return hash_.text(); }

 private:
    void measure(std::span<const float> samples);

    std::int64_t samples_ = 0, clipped_ = 0, non_finite_ = 0;
    double peak_ = 0, sum_of_squares_ = 0;
    ContentHash hash_;
};

}  // namespace patchpipe
