// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Recognises a slip on the command line: a preset, a folder or a list of jobs instead of a job.
#pragma once

#include <string>

namespace patchpipe {

/// Throws UsageError with the command that was meant, if the operand is the name of a file. Does
/// not check that it is a job.
void refuse_file_as_job(const std::string& operand);

}  // namespace patchpipe
