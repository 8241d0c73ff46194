// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which files programs are built from, as far as their names tell.
#pragma once

#include <string>

namespace patchpipe {

/// True for the names of files that programs and their builds are written in (organ.cpp, ORGAN.F90,
/// organ.dsp, Makefile), in any case of the suffix. What a compiler makes is none.
[[nodiscard]] bool is_source_name(const std::string& name);

}  // namespace patchpipe
