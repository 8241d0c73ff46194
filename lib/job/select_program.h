// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Selects one of the programs that a plug-in has, by its number or its name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "record/program_choice.h"
#include "render/processor.h"

namespace patchpipe {

/// The number of the only one of the names that is the wanted one. Throws as select_program() does.
[[nodiscard]] int program_named(const std::vector<std::string>& names, const std::string& wanted,
                                std::string_view subject);

/// subject is what the programs came with, for messages: the plug-in, or a bank that it has loaded.
/// Throws Error not-found for a number that is too high and for a name that no program has, with
/// the closest ones, and unsupported for a name that several have, with their numbers.
void select_program(Processor& processor, const ProgramChoice& choice, std::string_view subject);

}  // namespace patchpipe
