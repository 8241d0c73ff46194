// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "draw/trigger.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "draw/dot_product.h"

namespace patchpipe {
namespace {

constexpr double points_in_window = 1024;
constexpr double key_seconds = 5, warm_up_seconds = 0.5;
constexpr double highest_hz = 4000;

// How much each reason for a place counts. The memory's likeness is from -1 to 1, the rise from 0
// to 1; a place that is half a period from the expected one loses the last.
constexpr float memory_weight = 1, rise_weight = 0.35F, phase_weight = 0.5F;

constexpr double refresh = 0.35;      // the share of the newest picture in the memory
constexpr double memory_width = 0.6;  // of a bell curve, in periods

}  // namespace

Trigger::Trigger(ChannelAudio& audio, const FrameRate& rate, double window, KnownPitch known_pitch)
    : audio_(audio), rate_(rate), known_pitch_(std::move(known_pitch)) {
    const double frames = window * audio.sample_rate();
    per_point_ = std::max<std::int64_t>(1, std::llround(frames / points_in_window));
    half_ = std::max<std::int64_t>(8, std::llround(frames / static_cast<double>(per_point_) / 2));
    search_ = half_ / 2;
    key_distance_ = std::max<std::int64_t>(1, rate.frames_in(key_seconds));
    warm_up_ = rate.frames_in(warm_up_seconds);
    forget();
}

void Trigger::forget() {
    memory_.assign(static_cast<std::size_t>(2 * half_), 0);
    remembers_ = false;
    period_.reset();
    last_.reset();
}

double Trigger::place(std::int64_t frame) {
    const auto key = frame / key_distance_ * key_distance_;
    if (frame != next_ || frame == key) {
        forget();
        for (auto before = std::max<std::int64_t>(0, key - warm_up_); before < frame; ++before)
            (void)step(before);
    }
    next_ = frame + 1;
    return step(frame);
}

double Trigger::step(std::int64_t frame) {
    const double time = rate_.time_of(frame);
    const auto middle = std::llround(time * audio_.sample_rate());
    read_window(middle);
    find_period(time);
    score_rises();
    score_memory();
    const auto per_point = static_cast<double>(per_point_);
    double expected = 0;
    if (last_ && period_) {
        const double period = *period_ * per_point;
        const double ahead = static_cast<double>(middle) - *last_;
        expected = (std::round(ahead / period) * period - ahead) / per_point;
    }
    const double offset = best_offset(expected);
    remember(offset);
    last_ = static_cast<double>(middle) + offset * per_point;
    return *last_;
}

// Each point is the mean of its audio frames, which leaves out what is too high to be a period.
void Trigger::read_window(std::int64_t middle) {
    const auto points = 2 * (half_ + search_);
    const auto audio = audio_.window(middle - points / 2 * per_point_, points * per_point_);
    points_.resize(static_cast<std::size_t>(points));
    const auto step = static_cast<std::size_t>(per_point_);
    const float scale = 1 / static_cast<float>(per_point_);
    for (std::size_t i = 0; i < points_.size(); ++i) {
        float sum = 0;
        for (std::size_t j = 0; j < step; ++j) sum += audio[i * step + j];
        points_[i] = sum * scale;
    }
    sums_.assign(points_.size() + 1, 0);
    squares_.assign(points_.size() + 1, 0);
    for (std::size_t i = 0; i < points_.size(); ++i) {
        const double point = points_[i];
        sums_[i + 1] = sums_[i] + point;
        squares_[i + 1] = squares_[i] + point * point;
    }
}

void Trigger::find_period(double time) {
    const double point_rate = audio_.sample_rate() / static_cast<double>(per_point_);
    const auto least = static_cast<std::size_t>(std::max(2.0, point_rate / highest_hz));
    const auto most = static_cast<std::size_t>(half_);
    const std::span<const float> inner(points_.data() + search_,
                                       static_cast<std::size_t>(2 * half_));
    const auto known = known_pitch_ ? known_pitch_(time) : std::nullopt;
    auto period = known ? periods_.find_near(inner, point_rate / *known, least, most)
                        : periods_.find(inner, least, most);
    if (!period && known) period = periods_.find(inner, least, most);
    constexpr double octave = 2;
    if (period && period_ && *period<*period_ * octave&& * period * octave> * period_)
        stretch_memory(*period / *period_);
    if (period) period_ = period;
}

void Trigger::stretch_memory(double ratio) {
    const auto before = memory_;
    const auto middle = static_cast<double>(half_);
    for (std::size_t i = 0; i < memory_.size(); ++i) {
        const double at = middle + (static_cast<double>(i) - middle) / ratio;
        const auto left = static_cast<std::ptrdiff_t>(std::floor(at));
        const auto share = static_cast<float>(at - std::floor(at));
        const auto value = [&](std::ptrdiff_t place) {
            return place >= 0 && place < std::ssize(before) ? before[std::size_t(place)] : 0.0F;
        };
        memory_[i] = value(left) * (1 - share) + value(left + 1) * share;
    }
}

// How much more area is behind a place than before it, within a quarter of a period.
void Trigger::score_rises() {
    constexpr double share = 0.25;
    const double width = std::max(1.0, share * period_.value_or(static_cast<double>(half_) / 2));
    const auto area =
        static_cast<std::size_t>(std::clamp<std::int64_t>(std::llround(width), 1, half_));
    scores_.rise.assign(static_cast<std::size_t>(2 * search_ + 1), 0);
    float highest = 0;
    for (std::size_t i = 0; i < scores_.rise.size(); ++i) {
        const auto at = i + static_cast<std::size_t>(half_);
        scores_.rise[i] = static_cast<float>(sums_[at + area] - 2 * sums_[at] + sums_[at - area]);
        highest = std::max(highest, scores_.rise[i]);
    }
    if (highest > 0)
        for (auto& score : scores_.rise) score = std::max(0.0F, score / highest);
}

// The likeness of the memory and what is around a place.
void Trigger::score_memory() {
    scores_.memory.assign(static_cast<std::size_t>(2 * search_ + 1), 0);
    const float energy = dot_product(memory_.data(), memory_.data(), memory_.size());
    if (!remembers_ || energy <= 0) return;
    // Where the bell curve has nearly reached 0 there is nothing to compare.
    constexpr double widths = 2.5;
    const auto reach = std::clamp<std::int64_t>(
        std::llround(widths * memory_width * period_.value_or(static_cast<double>(half_))), 4,
        half_);
    const auto* const memory = memory_.data() + (half_ - reach);
    const auto size = static_cast<std::size_t>(2 * reach);
    for (std::size_t i = 0; i < scores_.memory.size(); ++i) {
        const auto* const sound = points_.data() + i + (half_ - reach);
        const auto at = static_cast<std::size_t>(sound - points_.data());
        const auto loud = static_cast<float>(squares_[at + size] - squares_[at]);
        const float scale = std::sqrt(loud * energy);
        scores_.memory[i] = scale > 0 ? dot_product(memory, sound, size) / scale : 0;
    }
}

// The place with the highest score, between points; expected is where it would be if the period had
// stayed the same.
double Trigger::best_offset(double expected) const {
    const double period = period_.value_or(static_cast<double>(half_));
    const auto score = [&](std::int64_t at) {
        const auto index = static_cast<std::size_t>(at);
        const double away = (static_cast<double>(at - search_) - expected) / (period / 2);
        const double turns = away / 2 - std::round(away / 2);  // any period is as good
        const float phase = last_ && period_ ? static_cast<float>(4 * turns * turns) : 0;
        // Of places that are alike the one near the middle.
        const double far = static_cast<double>(at - search_) / static_cast<double>(search_);
        constexpr double middle_weight = 0.02;
        return static_cast<double>(memory_weight * scores_.memory[index] +
                                   rise_weight * scores_.rise[index] - phase_weight * phase) -
               middle_weight * far * far;
    };
    std::int64_t best = 0;
    double highest = score(0);
    for (std::int64_t at = 1; at <= 2 * search_; ++at)
        if (const double value = score(at); value > highest) {
            highest = value;
            best = at;
        }
    double fraction = 0;
    if (best > 0 && best < 2 * search_) {
        const double before = score(best - 1), after = score(best + 1);
        const double bend = before - 2 * highest + after;
        if (bend < 0) fraction = std::clamp((before - after) / (2 * bend), -0.5, 0.5);
    }
    return static_cast<double>(best - search_) + fraction;
}

void Trigger::remember(double offset) {
    const double width = memory_width * period_.value_or(static_cast<double>(half_));
    const auto* const sound = points_.data() + search_ + std::llround(offset);
    float loudest = 0;
    for (std::int64_t i = 0; i < 2 * half_; ++i) loudest = std::max(loudest, std::abs(sound[i]));
    if (loudest <= 0) return;
    const auto share = static_cast<float>(remembers_ ? refresh : 1);
    for (std::int64_t i = 0; i < 2 * half_; ++i) {
        const double away = static_cast<double>(i - half_) / width;
        const auto bell = static_cast<float>(std::exp(-away * away / 2));
        auto& value = memory_[static_cast<std::size_t>(i)];
        value += share * (sound[i] / loudest * bell - value);
    }
    remembers_ = true;
}

}  // namespace patchpipe
