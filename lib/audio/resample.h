// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Changes the sample rate of audio, block by block, with libsoxr. Not here: files, and rates that
// change while the audio runs.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

struct soxr;

namespace patchpipe {

/// The frames that a Resampler makes of so many: round(frames × to_rate / from_rate), halves up.
[[nodiscard]] std::int64_t resampled_frames(std::int64_t frames, std::int64_t from_rate,
                                            std::int64_t to_rate);

/// Resamples in libsoxr's very high quality: 28 bits, linear phase, no dither. Frame 0 of the
/// output belongs to frame 0 of the input. The bits depend on the samples only, and neither on the
/// blocks that they come in nor on the processor's vector instructions. With equal rates every
/// sample passes unchanged. A sample that is NaN or infinite makes all that a filter mixes it with
/// NaN.
class Resampler {
 public:
    /// The ratio of the rates is what counts, and they need not be in Hz: a tape at 0.9 times its
    /// speed is 9 to 10. Throws std::invalid_argument if a rate or the number of channels is not
    /// positive, and Error unsupported for a ratio beyond greatest_ratio, where the filters become
    /// too long.
    Resampler(std::int64_t from_rate, std::int64_t to_rate, int channels);
    ~Resampler();

    static constexpr int greatest_ratio = 4096;

    /// Takes interleaved frames, any number of them, and appends the output that is ready.
    void add(std::span<const double> samples, std::vector<double>& out);

    /// Appends the rest, so that there are resampled_frames() in all. Call it once, last.
    void finish(std::vector<double>& out);

 private:
    struct Delete {
        void operator()(soxr* resampler) const;
    };

    void process(std::span<const double> samples, std::vector<double>& out);

    std::int64_t from_, to_;
    std::size_t channels_;
    std::unique_ptr<soxr, Delete> soxr_;  // none for equal rates
    std::int64_t frames_in_ = 0, samples_out_ = 0;
};

}  // namespace patchpipe
