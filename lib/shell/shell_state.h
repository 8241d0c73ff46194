// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a host keeps of the shell in its projects: a JSON object on one line,
//
//     {"patchpipe_shell":1,"plugin_path":"/x/tone.so","slots":["level"],"sound":{...}}
//
// with the ids of the parameters by slot, and the sound as hand_over.h writes it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "render/hand_over.h"

namespace patchpipe {

struct ShellState {
    std::string plugin_path;         ///< what find_source() takes; empty if nothing is loaded
    std::vector<std::string> slots;  ///< Slots::ids()
    HandOver sound;
};

/// The same state is always written alike.
[[nodiscard]] std::string write_shell_state(const ShellState& state);

/// Throws Error corrupt for other bytes, and unsupported for the state of a later version.
[[nodiscard]] ShellState read_shell_state(std::string_view bytes);

}  // namespace patchpipe
