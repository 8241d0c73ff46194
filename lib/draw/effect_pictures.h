// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the effects do with the pixels of a picture. Settings are evaluated by effect.cpp's table.
#pragma once

#include <algorithm>

#include "draw/effect.h"

namespace patchpipe {

/// The settings of an effect at a moment.
struct EffectValues {
    const EffectSettings& settings;
    const EffectMoment& moment;
    double time;  ///< of keyframes

    /// The number, or the limit that it is beyond.
    [[nodiscard]] double number(std::string_view name, double least, double most) const {
        return std::clamp(settings.number(name, time), least, most);
    }
};

void draw_solid(Frame& picture, const EffectValues& values);
void draw_wave(Frame& picture, const EffectValues& values);
void draw_layered(Frame& picture, const EffectValues& values);
void draw_chroma_key(Frame& picture, const EffectValues& values);
void draw_cookie_cutter(Frame& picture, const EffectValues& values);
void draw_fly(Frame& picture, const EffectValues& values);
void draw_blinds(Frame& picture, const EffectValues& values);

}  // namespace patchpipe
