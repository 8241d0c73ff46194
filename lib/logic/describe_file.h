// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the file of a logic library says of itself, for a record, without loading it.
#pragma once

#include <string>

#include "record/record.h"

namespace patchpipe {

/// The fields canary, an object of its numbers in words; differences, a list of objects with a name
/// and the value of the library and of the host; may_stay_loaded, a list of reasons
/// (plugin/unloading.h). Leaves out what cannot be read, and does not throw.
[[nodiscard]] Record describe_logic_file(const std::string& path);

}  // namespace patchpipe
