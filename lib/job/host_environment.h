// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The environment variables of a process that loads plug-ins, where they differ from the user's.
#pragma once

#include <optional>
#include <string>

namespace patchpipe {

/// Changes the environment of this process; settings of malloc() start with the next exec. With a
/// home, plug-ins see that folder as the user's own. LV2 plug-ins are found where they were before,
/// or only in that folder unless it is empty.
void set_host_environment(const std::string& home, const std::string& lv2_folder);

/// The folder that --home names, absolute, and made if it is missing; empty without the option.
/// Throws UsageError if it cannot be made.
[[nodiscard]] std::string host_home(const std::optional<std::string>& given);

/// Makes the folder, and in it those for data, settings and caches. Does nothing for an empty path.
/// Throws Error io.
void make_host_home(const std::string& home);

}  // namespace patchpipe
