// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/pitch.h"

#include <algorithm>
#include <cmath>

namespace patchpipe {
namespace {

// Limits of the aperiodicity: good at once, good enough, and too little to tell two apart.
constexpr double threshold = 0.15, largest_aperiodicity = 0.6, almost = 0.1;
constexpr int cents_in_octave = 1200;

double cents_above(double low, double hz) { return cents_in_octave * std::log2(hz / low); }

std::size_t longest_period(int sample_rate) {
    return static_cast<std::size_t>(std::ceil(sample_rate / PitchMeter::lowest_hz)) + 2;
}

}  // namespace

PitchMeter::PitchMeter(int channels, int sample_rate)
    : channels_(static_cast<std::size_t>(channels)),
      sample_rate_(sample_rate),
      longest_(longest_period(sample_rate)),
      fourier_(power_of_two_from(2 * longest_)),
      real_(fourier_.size()),
      imaginary_(fourier_.size()),
      bins_(static_cast<std::size_t>(cents_above(lowest_hz, highest_hz)) + 2) {}

void PitchMeter::add(std::span<const double> samples) {
    const auto whole = 2 * longest_ * channels_;
    while (!samples.empty()) {
        const auto count = std::min(samples.size(), whole - gathered_.size());
        gathered_.insert(gathered_.end(), samples.begin(),
                         samples.begin() + static_cast<std::ptrdiff_t>(count));
        samples = samples.subspan(count);
        if (gathered_.size() < whole) return;
        take_window();
        const auto step = static_cast<std::ptrdiff_t>(longest_ / 2 * channels_);
        gathered_.erase(gathered_.begin(), gathered_.begin() + step);
    }
}

// Of the frames that are gathered, the first half is compared with all that begin in it.
void PitchMeter::take_window() {
    has_window_ = true;
    const auto window = gathered_.size() / channels_ / 2;
    differences_.assign(window + 1, 0);
    for (std::size_t channel = 0; channel < channels_; ++channel) add_differences(channel, window);
    const double power = normalise() / static_cast<double>(2 * window * channels_);
    if (!(power > 0) || !std::isfinite(power)) return;
    power_ += power;
    const auto period = find_period();
    if (period.frames > 0) count(refine(period), power);
}

// d(lag), the sum over j < window of (x[j] - x[j + lag])^2. The products are a correlation, which
// takes two transforms: x[0..window) is the real part and x[0..2 window) the imaginary one.
void PitchMeter::add_differences(std::size_t channel, std::size_t window) {
    samples_.resize(2 * window);
    double sum = 0;
    for (std::size_t i = 0; i < samples_.size(); ++i)
        sum += samples_[i] = gathered_[i * channels_ + channel];
    // Without its mean, which does not count, the differences are more exact.
    const double mean = sum / static_cast<double>(samples_.size());
    for (auto& sample : samples_) sample -= mean;

    real_.assign(fourier_.size(), 0);
    imaginary_.assign(fourier_.size(), 0);
    std::copy_n(samples_.begin(), window, real_.begin());
    std::copy(samples_.begin(), samples_.end(), imaginary_.begin());
    fourier_.transform(real_.data(), imaginary_.data());
    const auto size = fourier_.size();
    for (std::size_t k = 0; k <= size / 2; ++k) {
        const std::size_t m = (size - k) % size;
        const double a_re = (real_[k] + real_[m]) / 2, a_im = (imaginary_[k] - imaginary_[m]) / 2;
        const double b_re = (imaginary_[k] + imaginary_[m]) / 2, b_im = (real_[m] - real_[k]) / 2;
        // The conjugate of the spectrum of the correlation, so that a forward transform inverts it.
        real_[k] = real_[m] = a_re * b_re + a_im * b_im;
        imaginary_[k] = -(a_re * b_im - a_im * b_re);
        imaginary_[m] = -imaginary_[k];
    }
    fourier_.transform(real_.data(), imaginary_.data());

    double first = 0;
    for (std::size_t i = 0; i < window; ++i) first += samples_[i] * samples_[i];
    double second = first;
    for (std::size_t lag = 0; lag <= window; ++lag) {
        const double product = real_[lag] / static_cast<double>(size);
        differences_[lag] += std::max(0.0, first + second - 2 * product);
        if (lag == window) break;
        second += samples_[lag + window] * samples_[lag + window] - samples_[lag] * samples_[lag];
    }
}

// Divides each difference by the mean of those up to it. Returns the mean of all.
double PitchMeter::normalise() {
    double sum = 0;
    differences_[0] = 1;
    for (std::size_t lag = 1; lag < differences_.size(); ++lag) {
        sum += differences_[lag];
        differences_[lag] = sum > 0 ? differences_[lag] * static_cast<double>(lag) / sum : 1;
    }
    return sum / static_cast<double>(differences_.size() - 1);
}

// The lowest point of the parabola through three points, of which the middle one should be the
// lowest.
PitchMeter::Period PitchMeter::dip_at(std::size_t lag) const {
    const double before = differences_[lag - 1], at = differences_[lag],
                 behind = differences_[lag + 1];
    const double curve = before - 2 * at + behind;
    if (!(curve > 0)) return {static_cast<double>(lag), at};
    const double offset = std::clamp((before - behind) / (2 * curve), -1.0, 1.0);
    return {static_cast<double>(lag) + offset, std::max(0.0, at - (before - behind) * offset / 4)};
}

// The first dip that is low enough; in a sound that is less periodic, the first that is almost as
// low as the lowest. A tone above the highest pitch has no period here: one of its multiples would
// be found otherwise.
PitchMeter::Period PitchMeter::find_period() const {
    const Period found = first_dip_below(threshold);
    if (found.frames > 0) return is_too_high(found) ? Period{0, 1} : found;
    const double lowest = *std::min_element(differences_.begin() + 1, differences_.end());
    if (lowest > largest_aperiodicity) return {0, 1};
    const Period dip = first_dip_below(lowest + almost);
    return is_too_high(dip) ? Period{0, 1} : dip;
}

PitchMeter::Period PitchMeter::first_dip_below(double limit) const {
    for (std::size_t lag = 2; lag + 1 < differences_.size(); ++lag) {
        if (differences_[lag] > differences_[lag - 1] || differences_[lag] >= differences_[lag + 1])
            continue;
        if (dip_at(lag).aperiodicity < limit) return dip_at(lowest_near(lag));
    }
    return {0, 1};
}

// Noise makes little dips on the way down into the one that counts.
std::size_t PitchMeter::lowest_near(std::size_t lag) const {
    const std::size_t end = std::min(lag + lag / 8 + 1, differences_.size() - 1);
    const auto begin = differences_.begin();
    return static_cast<std::size_t>(std::min_element(begin + static_cast<std::ptrdiff_t>(lag),
                                                     begin + static_cast<std::ptrdiff_t>(end)) -
                                    begin);
}

bool PitchMeter::is_too_high(const Period& period) const {
    return period.frames * highest_hz < sample_rate_;
}

// At a multiple of the period an error of part of a frame is divided by that multiple. Each is
// looked for where the one before it leads, as long as the sound repeats so often.
PitchMeter::Period PitchMeter::refine(Period period) const {
    constexpr std::size_t around = 2;
    const auto first = period.frames;
    const double limit = std::max(threshold, period.aperiodicity + almost);
    const auto most =
        static_cast<std::size_t>((static_cast<double>(differences_.size()) - around - 2) / first);
    for (std::size_t times = 1; times < most;) {
        times = std::min(2 * times, most);
        const auto expected =
            static_cast<std::size_t>(std::lround(period.frames * static_cast<double>(times)));
        if (expected + around + 1 >= differences_.size()) break;
        const auto lowest = std::min_element(
            differences_.begin() + static_cast<std::ptrdiff_t>(expected - around),
            differences_.begin() + static_cast<std::ptrdiff_t>(expected + around + 1));
        const auto lag = static_cast<std::size_t>(lowest - differences_.begin());
        const auto dip = dip_at(lag);
        if (lag == expected - around || lag == expected + around || dip.aperiodicity >= limit)
            break;
        period.frames = dip.frames / static_cast<double>(times);
    }
    return period;
}

void PitchMeter::count(const Period& period, double power) {
    const double cents = cents_above(lowest_hz, sample_rate_ / period.frames);
    const double last = static_cast<double>(bins_.size() - 1);
    auto& bin = bins_[static_cast<std::size_t>(std::clamp(cents, 0.0, last))];
    const double weight = power * (1 - period.aperiodicity);
    bin.weight += weight;
    bin.weighted_cents += weight * cents;
}

std::optional<Pitch> PitchMeter::finish() {
    // A short sound has one window, which is as long as it is.
    constexpr std::size_t fewest = 16;
    if (!has_window_ && gathered_.size() / channels_ >= fewest) {
        fourier_ = Fourier(power_of_two_from(gathered_.size() / channels_));
        take_window();
    }
    if (!(power_ > 0)) return {};
    constexpr std::size_t width = 101;  // a semitone, with the bin in the middle
    Bin best;
    for (std::size_t begin = 0; begin < bins_.size(); ++begin) {
        Bin sum;
        for (std::size_t i = begin; i < std::min(begin + width, bins_.size()); ++i) {
            sum.weight += bins_[i].weight;
            sum.weighted_cents += bins_[i].weighted_cents;
        }
        if (sum.weight > best.weight) best = sum;
    }
    if (!(best.weight > 0)) return Pitch{};
    const double cents = best.weighted_cents / best.weight;
    return Pitch{.hz = lowest_hz * std::exp2(cents / cents_in_octave),
                 .confidence = std::min(1.0, best.weight / power_)};
}

NearestNote nearest_note(double hz) {
    constexpr double a4_hz = 440, a4_note = 69, cents_in_semitone = 100;
    const double note = a4_note + cents_above(a4_hz, hz) / cents_in_semitone;
    const double nearest = std::round(note);
    return {static_cast<int>(nearest), (note - nearest) * cents_in_semitone};
}

}  // namespace patchpipe
