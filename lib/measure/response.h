// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the answers to an impulse, a step and silence say of a processor, sample by sample. Not
// here: tones (spectrum.h).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace patchpipe {

/// The samples of each channel; all have the same length.
using Channels = std::vector<std::vector<float>>;

/// Interleaved samples channel by channel.
[[nodiscard]] Channels separated(std::span<const float> samples, int channels);

/// The frame of the greatest magnitude in any channel, the first of several; nothing if all is 0.
/// For an impulse response it is the latency of what keeps the impulse's shape.
[[nodiscard]] std::optional<std::int64_t> peak_frame(const Channels& channels);

/// The first frame whose magnitude is above the threshold in any channel.
[[nodiscard]] std::optional<std::int64_t> first_frame_above(const Channels& channels,
                                                            double threshold);

/// The root of the mean square, in dB relative to full scale, of the channel where it is greatest;
/// 1.0 all the time is 0 dB. Nothing for digital silence.
[[nodiscard]] std::optional<double> greatest_rms_db(const Channels& channels);

/// The same of the samples less their mean: noise without a constant offset.
[[nodiscard]] std::optional<double> greatest_noise_db(const Channels& channels);

/// The greatest magnitude.
[[nodiscard]] double peak_of(const Channels& channels);

/// The channel with the greatest mean square: the first of several.
[[nodiscard]] std::size_t loudest_channel(const Channels& channels);

/// The mean of the channel whose mean is farthest from 0, with its sign.
[[nodiscard]] double dc_of(const Channels& channels);

/// Samples that no plug-in should give.
struct BadSamples {
    std::int64_t non_finite = 0;  ///< NaN and infinite
    std::int64_t denormal = 0;    ///< not 0, but below 1.18e-38, with which processors are slow
};
[[nodiscard]] BadSamples bad_samples(std::span<const float> samples);

/// How much a linear processor with this impulse response amplifies, in dB, at k * sample_rate /
/// (2 * (result.size() - 1)) Hz for each k. -infinity where it lets nothing through. The response
/// is made longer with zeros to a power of two.
[[nodiscard]] std::vector<double> magnitude_response_db(std::span<const float> impulse_response);

}  // namespace patchpipe
