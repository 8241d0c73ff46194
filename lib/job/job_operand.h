// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A slip on the command line: a preset, a folder or a list of jobs in the place of a job.
#pragma once

#include <string>

namespace patchpipe {

/// Throws UsageError with the command that is meant if the operand is a file's name. Whether it is
/// a job is not looked at.
void refuse_file_as_job(const std::string& operand);

}  // namespace patchpipe
