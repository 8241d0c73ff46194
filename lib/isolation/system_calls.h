// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which system calls the processes in the sandbox have (seccomp(2)). A call that is not listed does
// not exist for them, as on an older kernel: libraries know how to do without new calls.
#pragma once

#include <linux/filter.h>
#include <vector>

namespace patchpipe {

/// The filter, or an empty one where the numbers of this processor's calls were never tried.
[[nodiscard]] std::vector<sock_filter> system_call_filter(bool network);

}  // namespace patchpipe
