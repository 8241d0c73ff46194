// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How the cells of a channel move the pitch and the volume of a note, tick by tick: slides, glides,
// vibrato, arpeggios. libopenmpt does not tell these, so they are computed from the trackers'
// documented rules; what instruments add by envelopes is not here.
#pragma once

#include <string_view>

#include "module/effects.h"

namespace patchpipe {

class ChannelMotion {
 public:
    /// format: that of the module, as in ModuleInfo.
    explicit ChannelMotion(std::string_view format);

    /// A note begins; volume is 0 to 64.
    void begin_note(int note, double volume);
    /// Call for every cell once, at the beginning of its row.
    void begin_row(const ModuleCell& cell);
    /// Moves to a tick of the row, 0 at first.
    void tick(int number);

    /// Cents above the note that began.
    [[nodiscard]] double cents() const;
    /// 0 to 64.
    [[nodiscard]] double volume() const { return volume_; }

 private:
    void slide_pitch(double units);
    void slide_volume(int parameter, int tick);
    void portamento(int direction, int tick);
    void glide();
    void vibrato();

    bool periods_;  // portamento moves the Amiga's period, not the pitch itself
    bool fine_;     // the largest parameters of portamento slide once
    ModuleCell cell_;
    double note_ = 60, pitch_ = 6000, target_ = 6000;  // a note, and cents
    double volume_ = 64, wobble_ = 0, step_ = 0;       // cents; the phase in 64ths
    int portamento_ = 0, glide_ = 0, slide_ = 0, speed_ = 0, depth_ = 0;
};

}  // namespace patchpipe
