// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What of a song's effects is left to REAPER: effects that are built in, which it adds itself, and
// values of parameters by name, which a project file cannot hold. As records, and as a script for
// REAPER.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "record/record.h"
#include "song/song_model.h"

namespace patchpipe {

class DeferredEffects {
 public:
    /// defer: effects that are "builtin" and have no state are left out of the project.
    explicit DeferredEffects(bool defer) : defer_(defer) {}

    /// Looks at an effect, in the order of the song. Returns true if it stays out of the project.
    /// Throws Error bad-record for parameters by name on anything but a track's own effect.
    [[nodiscard]] bool take(const Record& fx);

    /// Throws Error unsupported if an effect that is in the project has parameters by name.
    void refuse_parameters() const;

    /// Writes {"type":"deferred","track_name":...,"fx_name":...,"params":{...}} and the ids of both
    /// for each effect that stays out.
    void each_record(const SongModel& song, const std::function<void(const Record&)>& write) const;

    /// A ReaScript in Lua that adds these effects to the open project, each at its place, and sets
    /// the parameters of all. Throws Error bad-record for a track that the song does not have, and
    /// for a parameter that is no number from 0 to 1.
    [[nodiscard]] std::string script(const SongModel& song) const;

 private:
    struct Effect {
        std::string track, fx, name;  // the ids, and what REAPER calls the effect
        std::size_t place;            // in the chain, from 0
        bool left_out, bypass;
        double wet;
        std::string parameters;  // an object, as JSON
    };

    // As a table in Lua.
    [[nodiscard]] static std::string parameter_list(const Effect& effect);

    bool defer_;
    std::vector<Effect> effects_;                // that are left out or have parameters by name
    std::map<std::string, std::size_t> places_;  // of a track: how many effects it has so far
};

}  // namespace patchpipe
