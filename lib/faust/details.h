// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a Faust program is, as fields of a record: its metadata, its interface, and what the
// compiler knows of it (program_facts.h).
#pragma once

#include "faust/sound.h"
#include "record/record.h"

namespace patchpipe {

/// metadata, sha, voices, interface, libraries, include_paths, compiler, compiled_with and
/// warnings, as in patchpipe-faust(5); those that bitcode does not know are left out. Throws as
/// faust_program_facts() does.
[[nodiscard]] Record faust_details(FaustSound& sound, const DspOperand& operand);

}  // namespace patchpipe
