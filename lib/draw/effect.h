// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Effects that change a picture while a note plays. They are a table: a name, settings, and a
// function of the picture and the moment.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "draw/effect_settings.h"
#include "video/frame.h"

namespace patchpipe {

struct EffectMoment {
    double seconds = 0;  ///< since the note began
    double share = 0;    ///< the same by the time that the note is seen, 0 to 1
    const std::vector<double>* bars = nullptr;  ///< the envelope of the song; empty without one
};

class Effect {
 public:
    /// From JSON, as {"effect":"fly-in-out","x":[[0,-1],[1,0]]}. Throws Error bad-record.
    explicit Effect(const Record& record);

    void apply(Frame& picture, const EffectMoment& moment) const;

    /// Whether this effect needs the envelope of the song.
    [[nodiscard]] bool needs_bars() const;

 private:
    const struct EffectInfo* info_;
    EffectSettings settings_;
    bool in_seconds_;  // the times of keyframes
};

/// The effects of a JSON array, in order; none for an empty text. Throws Error bad-record.
[[nodiscard]] std::vector<Effect> parse_effects(std::string_view json);

/// Calls write with a record for each effect: its name, what it does, and its settings.
void list_effects(const std::function<void(const Record&)>& write);

}  // namespace patchpipe
