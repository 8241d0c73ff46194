// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sound of a processor on its way into another build of the same plug-in, which may have other
// parameters. Parameters go by their ids; a state that is refused does not take them along.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record/record.h"
#include "render/patch.h"
#include "render/processor.h"

namespace patchpipe {

struct HandOver {
    std::vector<Parameter> parameters;  ///< of each: id, value, steps, own
    /// The same of builds before it, for a build that can take these again: parameters that it has
    /// not, and values that its range has not. They count more than `parameters`.
    std::vector<Parameter> earlier;
    std::optional<std::string> state;
    std::optional<std::string> state_failure;  ///< why there is none, though there should be

    /// As bytes, to go from one process to another. of_bytes() throws Error corrupt for others.
    [[nodiscard]] std::string bytes() const;
    [[nodiscard]] static HandOver of_bytes(std::string_view bytes);
};

[[nodiscard]] HandOver hand_over(Processor& processor);

/// Adds to `earlier` what a build could not keep of the sound that it had taken over, as far as
/// nobody has set it since.
void remember_earlier(HandOver& now, const HandOver& taken);

/// Leaves the state out: it leads to samples that are not numbers.
void drop_blown_up_state(HandOver& sound);

/// What became of a parameter.
struct HandedParameter {
    enum class What {
        added,    ///< new: it has its initial value
        removed,  ///< its value is lost
        range,    ///< other limits or steps: the value is the nearest in them
    };
    What what;
    std::string id;
    /// In the parameter's own unit where it has one, else normalised. Of one that is added or
    /// removed only one of them counts.
    double before = 0, after = 0;
};

struct TakenOver {
    std::vector<HandedParameter> parameters;  ///< those that could not simply stay
    bool had_state = false;
    bool sounds = false;                 ///< what sounded goes on: it was in the state
    std::optional<std::string> refused;  ///< why the state was not taken

    /// Fields of a record: sounds, parameters, state ("carried", "refused" or "none") and
    /// state_error.
    [[nodiscard]] Record fields() const;
};

/// Gives the processor, which has just been opened, what another one had. It may then play at once.
[[nodiscard]] TakenOver take_over(Processor& processor, const HandOver& from);

}  // namespace patchpipe
