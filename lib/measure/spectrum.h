// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The power of samples by frequency, and what it says of a tone: distortion, noise, aliasing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace patchpipe {

enum class Window {
    none,    ///< for tones with whole periods in the samples
    cosine,  ///< seven terms: side lobes below -180 dB, a main lobe of 7 bins either side
};

/// The mean square of the samples by bin, 0 to samples.size() / 2: a sine of amplitude A with whole
/// periods has A^2 / 2 in its bin, and all bins add up to the mean square. With a window they do so
/// for noise, and the lobe of a sine does for the sine (scaled by the window's mean square). The
/// number of samples must be a power of two, 2 or more.
[[nodiscard]] std::vector<double> power_spectrum(std::span<const float> samples, Window window);

/// Samples in which a sine of that many whole periods was fed to a processor.
struct ToneMeasures {
    double level_db;  ///< of the fundamental; 0 is a sine of full scale (AES17)
    /// All harmonics up to the limit against the fundamental (IEC 60268-3's d_t by the fundamental,
    /// the THD_F of IEC 61606), in dB and in per cent. No dB without any harmonic.
    std::optional<double> thd_db;
    double thd_percent;
    /// All but the fundamental against all, from 20 Hz to the limit (AES17's THD+N).
    std::optional<double> thd_n_db;
    /// All that is neither at 0 Hz nor at the fundamental or a harmonic of it, up to half the
    /// sample rate, against the fundamental: what was folded back, and noise.
    std::optional<double> aliasing_db;
};

/// The upper limit of what is heard, and of the harmonics that count: 20 kHz.
inline constexpr double audible_hz = 20000;

/// samples must be a power of two, and hold whole periods of the tone. Nothing if the tone is not
/// in them.
[[nodiscard]] std::optional<ToneMeasures> measure_tone(std::span<const float> samples,
                                                       std::int64_t periods, int sample_rate);

/// As ToneMeasures::aliasing_db, of a note whose fundamental is known and need not fit: against all
/// of its harmonics, since a note has many. Nothing for silence and for nothing besides harmonics.
[[nodiscard]] std::optional<double> note_aliasing_db(std::span<const float> samples,
                                                     double fundamental, int sample_rate);

/// Of a power; nothing for 0.
[[nodiscard]] std::optional<double> decibels_of_power(double power);

}  // namespace patchpipe
