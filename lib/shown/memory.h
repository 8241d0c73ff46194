// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What malloc() does in a host process. A plug-in that reads memory it never wrote would find what
// earlier allocations left there, which differs from job to job; so it finds zeros. And fork() is
// cheap only if memory lies in huge pages.
#pragma once

namespace patchpipe {

/// Sets GLIBC_TUNABLES, which malloc() reads when a process starts. The user's own settings win.
void tune_malloc();

/// Has malloc() and its relatives fill with zeros what they give from here on, for the plug-ins
/// too: the executable comes first when the dynamic linker looks up a symbol. Does nothing if the
/// environment tells malloc() to fill memory with something else.
void zero_new_memory();

}  // namespace patchpipe
