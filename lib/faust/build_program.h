// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Builds one format of a program. Runs in the compiler's process (compiler.h).
#pragma once

#include <string>

#include "faust/build_input.h"

namespace patchpipe {

/// Writes the files of that format into the folder, which is empty: "program" and a suffix, and for
/// diagrams NAME.svg. Throws what BuildInput throws, and Error io.
void build_program(BuildInput& input, const BuildFormat& format, const std::string& folder);

}  // namespace patchpipe
