// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The spectral centroid of audio: the mean of the frequencies, each weighted by its magnitude.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "audio/fourier.h"

namespace patchpipe {

class SpectralCentroid {
 public:
    /// Spectra are those of Hann windows of the least power of two of frames that lasts 40 ms or
    /// more; each begins in the middle of the one before it, the first at the beginning.
    SpectralCentroid(int channels, int sample_rate);

    /// Adds interleaved frames, which must be finite.
    void add(std::span<const double> samples);

    /// Returns the centroid of the sum of the magnitudes of all windows and channels, in Hz;
    /// nothing for digital silence. The last window is completed with silence. Call it once, at the
    /// end.
    [[nodiscard]] std::optional<double> finish();

 private:
    void take_window();

    std::size_t channels_;
    int sample_rate_;
    Fourier fourier_;
    std::vector<double> hann_;
    std::vector<double> gathered_;  // interleaved: less than a window
    bool has_new_ = false;          // frames that no window had yet
    std::vector<double> real_, imaginary_;
    std::vector<double> magnitudes_;
};

}  // namespace patchpipe
