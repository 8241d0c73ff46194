// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds out which isolation gives right audio with a plug-in: the same jobs are rendered in every
// isolation and in two orders, and compared bit by bit.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "job/isolation.h"
#include "job/plugin_host.h"

namespace patchpipe {

/// How one isolation did.
struct Trial {
    int identical = 0;  ///< jobs whose audio was, both times, that of the first fresh process
    std::chrono::duration<double, std::milli> time{0};  ///< of all jobs; process includes loading
    int rendered = 0;                                   ///< jobs that the time was taken of
    bool rewinds = false;                               ///< the children were put back to the last
    std::optional<std::string> error;                   ///< ended the trial
};

struct Certificate {
    int jobs = 0;
    Trial snapshot, fork, process, reuse;

    /// The first of the three that gave the same for every job, else process. A snapshot that only
    /// forked says nothing of one on another kernel. Repeatable if fresh processes did.
    [[nodiscard]] Verdict verdict() const {
        const bool rewound = snapshot.rewinds && snapshot.identical == jobs;
        const auto isolation = rewound                  ? Isolation::snapshot
                               : fork.identical == jobs ? Isolation::fork
                                                        : Isolation::process;
        return {isolation, process.identical == jobs};
    }
};

/// A preset to certify with: its file, and for one in an LV2 bundle its URI.
struct CertifyPreset {
    std::string path;
    std::optional<std::string> uri = {};
};

/// Renders 12 short jobs, each eight times: in the order given and in the reverse, in fresh
/// processes, in a child that is put back after each, in forked children, and one after the other
/// in the same process. Each of them loads one of the presets, up to 12 of them, spread over the
/// list. Without presets, a plug-in with several programs loads up to 8 of these; any other loads,
/// in every second job, a state with its parameters moved. Throws Error if a fresh process cannot
/// render one.
[[nodiscard]] Certificate certify(const HostSettings& settings, int programs,
                                  const std::vector<CertifyPreset>& presets);

}  // namespace patchpipe
