// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Changes the length of audio but not its pitch, or its pitch but not its length, block by block,
// with Rubber Band's finer engine. Not here: changing both together (audio/resample.h).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace RubberBand {
class RubberBandStretcher;
}

namespace patchpipe {

class Stretcher {
 public:
    struct Settings {
        int sample_rate = 44100;  ///< Hz
        int channels = 2;
        double time_ratio = 1;   ///< the length of what comes out by that of what goes in
        double pitch_scale = 1;  ///< of every frequency: 2 is an octave up
    };

    /// Fills interleaved frames with what comes next. What is behind the end is silence.
    using Feed = std::function<void(std::span<double> samples)>;

    /// Makes what that many frames of the source become, with silence behind it. Frame 0 of the
    /// output belongs to frame 0 of the source. The bits do not depend on the blocks in which they
    /// are read. Throws Error unsupported for ratios beyond greatest_ratio.
    Stretcher(const Settings& settings, std::int64_t source_frames, Feed feed);
    ~Stretcher();

    static constexpr double greatest_ratio = 64;

    /// Fills interleaved frames with the next ones.
    void read(std::span<double> samples);

 private:
    void process();
    void retrieve();

    std::size_t channels_;
    std::int64_t source_left_;
    Feed feed_;
    std::unique_ptr<RubberBand::RubberBandStretcher> stretcher_;
    std::vector<double> block_, ready_;
    std::size_t taken_ = 0;                   // of ready_
    std::vector<std::vector<float>> planes_;  // one a channel
};

}  // namespace patchpipe
