// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The effects of cells that matter to notes, in libopenmpt's numbers, which are the same for all
// formats (OpenMPT's modcommand.h).
#pragma once

#include "module/module_file.h"

namespace patchpipe {

enum class Effect {
    arpeggio = 1,
    portamento_up = 2,
    portamento_down = 3,
    tone_portamento = 4,
    vibrato = 5,
    tone_portamento_and_slide = 6,
    vibrato_and_slide = 7,
    volume_slide = 11,
    volume = 13,
    retrigger = 15,
    mod_extended = 19,  ///< Exy of a MOD or XM; the parameter's upper half tells which
    s3m_extended = 20,  ///< Sxy of an S3M or IT
};

enum class VolumeEffect { volume = 1, slide_up = 3, slide_down, fine_up, fine_down, tone = 11 };

[[nodiscard]] inline Effect effect_of(const ModuleCell& cell) {
    return static_cast<Effect>(cell.effect);
}

/// The y of an extended effect, or -1 if the cell has another: E9y is mod_extended, 0x90.
[[nodiscard]] inline int extended(const ModuleCell& cell, Effect effect, int which) {
    return effect_of(cell) == effect && (cell.parameter & 0xf0) == which ? cell.parameter & 15 : -1;
}

/// The ticks by which the cell's note is late; 0 usually.
[[nodiscard]] inline int note_delay(const ModuleCell& cell) {
    const int mod = extended(cell, Effect::mod_extended, 0xd0);
    const int s3m = extended(cell, Effect::s3m_extended, 0xd0);
    return mod >= 0 ? mod : s3m >= 0 ? (s3m == 0 ? 1 : s3m) : 0;
}

/// How often the row is played again because of the cell.
[[nodiscard]] inline int row_repeats(const ModuleCell& cell) {
    const int mod = extended(cell, Effect::mod_extended, 0xe0);
    const int s3m = extended(cell, Effect::s3m_extended, 0xe0);
    return mod >= 0 ? mod : s3m >= 0 ? s3m : 0;
}

/// Whether the cell's note is where the pitch glides to, and not one that begins.
[[nodiscard]] inline bool is_glide(const ModuleCell& cell) {
    const auto effect = effect_of(cell);
    return effect == Effect::tone_portamento || effect == Effect::tone_portamento_and_slide ||
           static_cast<VolumeEffect>(cell.volume_effect) == VolumeEffect::tone;
}

}  // namespace patchpipe
