// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The values of a program's controls as text, a line "VALUE ADDRESS" for each, as Faust's own
// programs save and recall them in their .rc files (the library's FUI.h).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "faust/interface.h"

namespace patchpipe {

/// values are those of the controls, in their order and their own units.
[[nodiscard]] std::string write_control_values(const std::vector<const FaustItem*>& controls,
                                               const std::vector<double>& values);

/// The indices and values of the controls that the text names; an address may lack its first
/// slash. path is for messages. Throws Error corrupt for a line that is not a value and
/// an address, and wrong-plugin for an address that no control has.
[[nodiscard]] std::vector<std::pair<std::size_t, double>> read_control_values(
    std::string_view text, const std::string& path, const std::vector<const FaustItem*>& controls);

}  // namespace patchpipe
