// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Limits for jobs that somebody else has written: what they may name.
#pragma once

#include <sys/stat.h>
#include <optional>
#include <string>

#include "job/render_job.h"
#include "plugin/source.h"

namespace patchpipe {

struct JobLimits {
    std::string output_root;             ///< as output_root() gives it; empty: any folder
    bool refuse_record_plugins = false;  ///< jobs are played by the plug-ins of options only
    std::optional<struct stat> jobs;     ///< the stream that the jobs come from
};

/// The folder that --output-root names, absolute and without links. Throws UsageError if it is
/// not a folder.
[[nodiscard]] std::string output_root(const std::string& given);

/// Throws Error bad-record for a plugin_path if that is refused, for a path that leads to the
/// stream of jobs, for an output_path that is a file the job reads, and for one outside the root;
/// io for an output_path that cannot be looked at. With a root, output_path becomes the path
/// without links, so that another process opens what was checked here.
void check_limits(RenderJob& job, const JobLimits& limits);

/// Throws Error bad-record for an output_path that is a file of the plug-in: a Faust program, say.
void check_plugin_is_kept(const RenderJob& job, const Source& plugin);

}  // namespace patchpipe
