// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The process with the plug-in in it: opens the plug-in, then answers requests (plugin_requests.h).
#pragma once

namespace patchpipe {

/// If the command line is that of a process with a plug-in, serves until the tool is gone and never
/// returns; otherwise does nothing. Call it first in main() of a tool that opens plug-ins.
void serve_if_host(int argc, char** argv);

}  // namespace patchpipe
