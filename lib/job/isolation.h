// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How much of a loaded plug-in its jobs share.
#pragma once

#include <optional>
#include <string_view>

namespace patchpipe {

enum class Isolation {
    automatic,  ///< the first of the next three that gives the same bits as process
    snapshot,   ///< a child of a loaded plug-in that is put back after every job; where that cannot
                ///< be done or gives other bits, fork
    fork,       ///< a forked child of a loaded plug-in for every job
    process,    ///< a fresh process for every job
    reuse,      ///< one process for all jobs: what one leaves behind, the next may hear
};

/// What is known about a plug-in.
struct Verdict {
    Isolation isolation;     ///< snapshot, fork or process: what auto takes
    bool repeatable = true;  ///< false if even a fresh process gives other bits each time
};

/// "auto", "snapshot", "fork", "process" or "reuse", as in options and records.
[[nodiscard]] std::string_view to_string(Isolation isolation);

/// The isolation of that name; empty for any other name.
[[nodiscard]] std::optional<Isolation> isolation_named(std::string_view name);

}  // namespace patchpipe
