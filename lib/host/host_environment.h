// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The environment variables of a process that loads plug-ins, where they differ from the user's.
#pragma once

#include <string>

namespace patchpipe {

/// Changes the environment of this process; settings of malloc() start with the next exec. With a
/// home, plug-ins see that folder as the user's own. LV2 plug-ins are found where they were before.
void set_host_environment(const std::string& home);

/// The folder that --home names, absolute; empty if nothing is given. Throws UsageError if it is
/// there and no folder.
[[nodiscard]] std::string host_home(const std::string& given);

/// Makes it, if it is not empty and not there. Throws Error io.
void make_host_home(const std::string& home);

}  // namespace patchpipe
