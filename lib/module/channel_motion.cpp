// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "module/channel_motion.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace patchpipe {
namespace {

// The Amiga's period of middle C, and cents of a unit of portamento where pitch slides linearly.
constexpr double middle_period = 428, linear_unit = 6.25;
constexpr double least_period = 1, octave = 1200, middle_cents = 6000;

double period_of(double cents) {
    return middle_period * std::exp2((middle_cents - cents) / octave);
}
double cents_of(double period) {
    return middle_cents - octave * std::log2(std::max(period, least_period) / middle_period);
}

void remember(int& memory, int value) {
    if (value != 0) memory = value;
}

}  // namespace

ChannelMotion::ChannelMotion(std::string_view format)
    : periods_(format != "xm" && format != "it" && format != "mptm"),
      fine_(format == "s3m" || format == "it" || format == "mptm") {}

void ChannelMotion::begin_note(int note, double volume) {
    note_ = note;
    pitch_ = target_ = 100.0 * note;
    volume_ = volume;
    wobble_ = step_ = 0;
}

double ChannelMotion::cents() const { return pitch_ + wobble_ - 100 * note_; }

void ChannelMotion::begin_row(const ModuleCell& cell) {
    cell_ = cell;
    const auto effect = effect_of(cell);
    if (effect == Effect::portamento_up || effect == Effect::portamento_down)
        remember(portamento_, cell.parameter);
    if (effect == Effect::tone_portamento) remember(glide_, cell.parameter);
    if (is_glide(cell) && cell.has_note()) target_ = 100.0 * (cell.note - 1);
    if (effect == Effect::vibrato) {
        remember(speed_, cell.parameter >> 4);
        remember(depth_, cell.parameter & 15);
    }
    if (effect == Effect::volume_slide || effect == Effect::vibrato_and_slide ||
        effect == Effect::tone_portamento_and_slide)
        remember(slide_, cell.parameter);
    if (effect == Effect::volume) volume_ = std::min(cell.parameter, 64);
    if (static_cast<VolumeEffect>(cell.volume_effect) == VolumeEffect::volume)
        volume_ = std::min(cell.volume, 64);
}

// In periods a unit lowers the pitch, and is less the lower the note is.
void ChannelMotion::slide_pitch(double units) {
    if (units == 0) return;
    pitch_ = periods_ ? cents_of(period_of(pitch_) - units) : pitch_ + units * linear_unit;
}

// Where it is fine, Fx slides once, and Ex once by a quarter.
void ChannelMotion::portamento(int direction, int tick) {
    constexpr int extra_fine = 0xe0, fine = 0xf0;
    const int by = portamento_;
    const bool once = fine_ && by >= extra_fine;
    if (once != (tick == 0)) return;
    const double units = !once ? by : by >= fine ? by & 15 : (by & 15) / 4.0;
    slide_pitch(direction * units);
}

void ChannelMotion::glide() {
    const bool upward = pitch_ < target_;
    slide_pitch(upward ? glide_ : -glide_);
    if (upward == (pitch_ >= target_)) pitch_ = target_;
}

// A sine of 64 steps. Its height is twice the depth in periods, and an eighth of a semitone for
// each step of the depth otherwise.
void ChannelMotion::vibrato() {
    constexpr double steps = 64, period_height = 2, linear_height = 12.5;
    const double sine = std::sin(2 * std::numbers::pi * step_ / steps);
    step_ = std::fmod(step_ + speed_, steps);
    wobble_ = periods_ ? cents_of(period_of(pitch_) - sine * period_height * depth_) - pitch_
                       : sine * linear_height * depth_;
}

// x0 up and 0y down; xF and Fy, with another half that is not 0, once.
void ChannelMotion::slide_volume(int parameter, int tick) {
    const int up = parameter >> 4, down = parameter & 15;
    const bool fine_up = down == 15 && up > 0, fine_down = up == 15 && down > 0 && !fine_up;
    if ((fine_up || fine_down) != (tick == 0)) return;
    const int by = fine_up ? up : fine_down ? -down : up > 0 ? up : -down;
    volume_ = std::clamp(volume_ + by, 0.0, 64.0);
}

void ChannelMotion::tick(int number) {
    const auto effect = effect_of(cell_);
    wobble_ = 0;
    const auto once = [&](Effect extended_effect, int which) {
        return number == 0 ? std::max(extended(cell_, extended_effect, which), 0) : 0;
    };
    slide_pitch(once(Effect::mod_extended, 0x10) - once(Effect::mod_extended, 0x20));
    const int fine = once(Effect::mod_extended, 0xa0) - once(Effect::mod_extended, 0xb0);
    volume_ = std::clamp(volume_ + fine, 0.0, 64.0);
    if (effect == Effect::portamento_up) portamento(1, number);
    if (effect == Effect::portamento_down) portamento(-1, number);
    if (is_glide(cell_) && number > 0) glide();
    if (effect == Effect::vibrato || effect == Effect::vibrato_and_slide) vibrato();
    if (effect == Effect::volume_slide || effect == Effect::vibrato_and_slide ||
        effect == Effect::tone_portamento_and_slide)
        slide_volume(slide_, number);
    if (effect == Effect::arpeggio && number % 3 > 0)
        wobble_ = 100 * (number % 3 == 1 ? cell_.parameter >> 4 : cell_.parameter & 15);
    const auto by_column = [&](VolumeEffect wanted, bool at_first) {
        const bool is = static_cast<VolumeEffect>(cell_.volume_effect) == wanted;
        return is && (number == 0) == at_first ? cell_.volume : 0;
    };
    volume_ +=
        by_column(VolumeEffect::slide_up, false) - by_column(VolumeEffect::slide_down, false);
    volume_ += by_column(VolumeEffect::fine_up, true) - by_column(VolumeEffect::fine_down, true);
    volume_ = std::clamp(volume_, 0.0, 64.0);
}

}  // namespace patchpipe
