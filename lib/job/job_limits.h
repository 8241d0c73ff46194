// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What jobs may name that somebody else has written.
#pragma once

#include <sys/stat.h>
#include <optional>
#include <string>

#include "job/render_job.h"

namespace patchpipe {

struct JobLimits {
    std::string output_root;             ///< as output_root() gives it; empty: any folder
    bool refuse_record_plugins = false;  ///< jobs are played by the plug-ins of options only
    std::optional<struct stat> jobs;     ///< the stream that the jobs come from
};

/// The folder that --output-root names, absolute and without links. Throws UsageError if it is
/// none.
[[nodiscard]] std::string output_root(const std::string& given);

/// Throws Error bad-record for a plugin_path where that is refused, for a path that leads to the
/// stream of jobs, and for an output_path that does not lead into the root, io for one that cannot
/// be looked at. With a root, output_path becomes the path without links, so that another process
/// opens what was checked here.
void check_limits(RenderJob& job, const JobLimits& limits);

}  // namespace patchpipe
