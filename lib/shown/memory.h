// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Changes malloc() in a host process. A plug-in that reads memory it never wrote would find the
// contents of earlier allocations, which differ from job to job, so new memory is zeroed. Memory
// lies in huge pages, without which fork() is slow.
#pragma once

namespace patchpipe {

/// Sets GLIBC_TUNABLES, which malloc() reads when a process starts. The user's own settings win.
void tune_malloc();

/// From this call on malloc() and its relatives return zeroed memory, to plug-ins too, because the
/// dynamic linker looks symbols up in the executable first. Does nothing if the environment tells
/// malloc() to fill memory with something else.
void zero_new_memory();

}  // namespace patchpipe
