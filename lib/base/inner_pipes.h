// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Socket pairs and pipes that a process has with itself, through which its threads wake each other,
// and what fork() does to them. Not those that lead to other processes.
#pragma once

#include <cstddef>
#include <vector>

namespace patchpipe {

/// How many there are now. A pipe or pair counts if both of its ends are open in this process.
[[nodiscard]] std::size_t count_inner_pipes();

/// The descriptors of both ends of all of them.
[[nodiscard]] std::vector<int> inner_pipe_ends();

/// Call in a forked child. Parent and children share each of them: a child could take another's
/// byte and wait for ever, fill it up until the next child blocks, or send the parent's threads
/// what is not meant for them. Each is replaced by a new one that never blocks, under the same
/// descriptors. Throws Error io.
void renew_inner_pipes();

}  // namespace patchpipe
