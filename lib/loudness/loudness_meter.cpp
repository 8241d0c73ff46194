// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "loudness/loudness_meter.h"

#include <ebur128.h>
#include <algorithm>
#include <array>
#include <cmath>
#include <new>
#include <numeric>

#include "base/error.h"

namespace patchpipe {
namespace {

constexpr int steps_per_second = 100;
constexpr unsigned long step_ms = 10;
constexpr std::size_t momentary_steps = 40, short_term_steps = 300;
// Tech 3341 and 3342: a gating block and a value for the range begin every 100 ms.
constexpr std::size_t steps_between_blocks = 10;
constexpr double integrated_gate = 10, range_gate = 20;  // LU
constexpr int lowest_rate = 4000;

// Of 7.1, the one layout that libebur128 does not know by its number of channels. BS.1770-4, table
// 4, gives 1.41 to the side channels only.
constexpr std::array<int, 8> seven_one = {EBUR128_LEFT,   EBUR128_RIGHT, EBUR128_CENTER,
                                          EBUR128_UNUSED, EBUR128_Mp135, EBUR128_Mm135,
                                          EBUR128_Mp090,  EBUR128_Mm090};

void check(int status) {
    if (status == EBUR128_ERROR_NOMEM) throw std::bad_alloc();
    if (status != EBUR128_SUCCESS)
        throw Error(ErrorKind::unsupported, "loudness",
                    "libebur128 refuses with error " + std::to_string(status));
}

std::optional<double> loudness_if_any(double energy) {
    if (!(energy > 0) || !std::isfinite(energy)) return {};
    return loudness_of(energy);
}

}  // namespace

struct LoudnessMeter::Filter {
    Filter(int channels, int sample_rate)
        : state(ebur128_init(static_cast<unsigned>(channels),
                             static_cast<unsigned long>(sample_rate), EBUR128_MODE_M)) {
        if (!state)
            throw Error(ErrorKind::unsupported, "loudness",
                        "libebur128 refuses " + std::to_string(channels) + " channels at " +
                            std::to_string(sample_rate) + " Hz");
    }
    ~Filter() { ebur128_destroy(&state); }
    Filter(const Filter&) = delete;
    Filter& operator=(const Filter&) = delete;

    ebur128_state* state;
};

bool LoudnessMeter::measures(int channels, int sample_rate) {
    constexpr int surround = 6;
    const bool has_weights =
        (channels >= 1 && channels <= surround) || channels == static_cast<int>(seven_one.size());
    return has_weights && sample_rate >= lowest_rate;
}

LoudnessMeter::LoudnessMeter(int channels, int sample_rate)
    : filter_(std::make_unique<Filter>(channels, sample_rate)),
      channels_(static_cast<std::size_t>(channels)),
      sample_rate_(sample_rate) {
    if (channels_ != seven_one.size()) return;
    for (unsigned i = 0; i < seven_one.size(); ++i)
        check(ebur128_set_channel(filter_->state, i, seven_one[i]));
}

LoudnessMeter::~LoudnessMeter() = default;

void LoudnessMeter::add(std::span<const double> samples) {
    while (!samples.empty()) {
        // Where the step ends, to the nearest frame, so that steps do not drift.
        const auto end = ((steps_ + 1) * sample_rate_ + steps_per_second / 2) / steps_per_second;
        const auto count =
            std::min(samples.size() / channels_, static_cast<std::size_t>(end - frames_));
        check(ebur128_add_frames_double(filter_->state, samples.data(), count));
        samples = samples.subspan(count * channels_);
        frames_ += static_cast<std::int64_t>(count);
        if (frames_ == end) end_step();
    }
}

void LoudnessMeter::end_step() {
    double loudness = 0;
    check(ebur128_loudness_window(filter_->state, step_ms, &loudness));
    ++steps_;
    energies_.push_back(std::isfinite(loudness) ? energy_of(loudness) : 0);
    if (energies_.size() > short_term_steps) energies_.pop_front();
    if (energies_.size() < momentary_steps) return;
    const bool block_ends = steps_ % steps_between_blocks == 0;
    const double momentary = mean_of_last(momentary_steps);
    max_momentary_ = std::max(max_momentary_, momentary);
    if (block_ends) momentary_.add(momentary);
    if (energies_.size() < short_term_steps) return;
    const double short_term = mean_of_last(short_term_steps);
    max_short_term_ = std::max(max_short_term_, short_term);
    if (block_ends) short_term_.add(short_term);
}

double LoudnessMeter::mean_of_last(std::size_t steps) const {
    return std::accumulate(energies_.end() - static_cast<std::ptrdiff_t>(steps), energies_.end(),
                           0.0) /
           static_cast<double>(steps);
}

std::optional<double> LoudnessMeter::integrated() const {
    return loudness_if_any(momentary_.gated_mean(integrated_gate).value_or(0));
}

std::optional<double> LoudnessMeter::range() const {
    constexpr double low = 0.1, high = 0.95;  // Tech 3342
    return short_term_.spread(range_gate, low, high);
}

std::optional<double> LoudnessMeter::max_momentary() const {
    return loudness_if_any(max_momentary_);
}

std::optional<double> LoudnessMeter::max_short_term() const {
    return loudness_if_any(max_short_term_);
}

}  // namespace patchpipe
