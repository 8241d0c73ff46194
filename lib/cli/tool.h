// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What every main() does: run the tool, turn an exception that escapes into a line on standard
// error and an exit status.
#pragma once

#include <functional>
#include <string_view>

#include "base/error.h"

namespace patchpipe {

/// Runs body and returns the process's exit status: the body's own; 0 for --help, --version and
/// when the reader of standard output went away; 2 for UsageError and for an Error not-found; 3 for
/// an Error io, for output that cannot be written and for anything unforeseen; 1 for every other
/// Error. From here on SIGPIPE and SIGXFSZ are ignored, so that writing fails instead, SIGCHLD has
/// its default, and a standard stream that was closed fails when it is used.
[[nodiscard]] int run_tool(std::string_view name, const std::function<ExitStatus()>& body);

/// "tool: message" on standard error, as one write of one line. Bytes that a terminal would not
/// show as text are escaped. run_tool sets the name.
void warn(std::string_view message);

}  // namespace patchpipe
