// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sound of a logic library as a file: a JSON object of the library's id, the values of the
// parameters by their ids, and the library's own state in base64.
//
//     {"logic":"org.example.organ","parameters":{"gain":-27,"drive":0.5},"state":"AAECAw=="}
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "logic/parameters.h"

namespace patchpipe {

/// state is nothing for a library without one. The same sound is always written alike.
[[nodiscard]] std::string write_logic_sound(std::string_view logic_id,
                                            const LogicParameters& parameters,
                                            const std::optional<std::string>& state);

struct LogicSound {
    std::vector<std::pair<std::size_t, double>> parameters;  ///< those that are named, by place
    std::optional<std::string> state;
};

/// path is for messages. Throws Error corrupt; wrong-plugin for the sound of another library; and
/// preset-rejected for a parameter that this build does not have, or not with that value.
[[nodiscard]] LogicSound read_logic_sound(std::string_view bytes, const std::string& path,
                                          std::string_view logic_id,
                                          const LogicParameters& parameters);

}  // namespace patchpipe
