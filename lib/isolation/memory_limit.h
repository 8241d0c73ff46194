// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How much memory a process may take.
#pragma once

#include <cstdint>

namespace patchpipe {

/// Limits this process, and what it starts, to so many MiB. Not RLIMIT_AS, which counts libraries,
/// and addresses that malloc() only sets aside. A lower limit of the user's stays. Returns false if
/// it cannot be set. Without effect in a build with the address sanitizer, whose notes take
/// terabytes of addresses.
[[nodiscard]] bool limit_memory(std::int64_t mebibytes);

/// What this process has of that now, in MiB, rounded up; 0 where /proc does not say.
[[nodiscard]] std::int64_t memory_taken();

}  // namespace patchpipe
