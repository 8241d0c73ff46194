// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs the user's command that builds a plug-in from its sources. The shell gets it, in the present
// folder and with a lower priority; what it prints is looked through for errors.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/error.h"

namespace patchpipe {

struct BuildResult {
    bool ok;                    ///< its status was 0
    bool ended;                 ///< it was ended here
    std::string how;            ///< it ended: "exited with status 2"
    std::vector<Error> errors;  ///< at least one unless it is ok
};

/// Waits for its end. Once is_over, which is asked ten times a second, returns true, the command is
/// ended, with all that it started: first by SIGTERM, for which make deletes what it has half
/// written, a second later by SIGKILL. With `shown` what it prints goes to standard error too.
/// Throws Error io.
[[nodiscard]] BuildResult run_build(const std::string& command, bool shown,
                                    const std::function<bool()>& is_over);

}  // namespace patchpipe
