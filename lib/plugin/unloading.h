// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Why a library stays in a process that has closed it: a new build of it would then run beside the
// old one, or not at all.
#pragma once

#include <string>
#include <vector>

#include "plugin/elf_file.h"

namespace patchpipe {

/// The reasons, each with what mends it; empty if nothing speaks against unloading. Throws
/// std::out_of_range as ElfLibrary does.
[[nodiscard]] std::vector<std::string> reasons_to_stay(const ElfLibrary& library);

}  // namespace patchpipe
