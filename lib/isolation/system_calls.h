// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which system calls the processes in the sandbox have (seccomp(2)). A call that is not listed does
// not exist for them, as on an older kernel: libraries know how to do without new calls.
#pragma once

#include <linux/filter.h>
#include <sys/types.h>
#include <vector>

namespace patchpipe {

/// The filter, or an empty one where the numbers of this processor's calls were never tried.
[[nodiscard]] std::vector<sock_filter> system_call_filter(bool network);

/// The same for a process that opens nothing, reaches nothing and starts nothing: it calculates
/// with the files and sockets that it has, or is handed through them. It may learn how large a file
/// is.
[[nodiscard]] std::vector<sock_filter> closed_filter(pid_t process);

}  // namespace patchpipe
