// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The process with the plug-in in it: opens it, then answers job after job over a socket. Its other
// end is host_process.h, which starts it.
#pragma once

namespace patchpipe {

/// If the command line is that of a host process, serves until the other end is gone and never
/// returns; otherwise does nothing. Call it first in main() of a tool that starts hosts.
void serve_if_host(int argc, char** argv);

}  // namespace patchpipe
