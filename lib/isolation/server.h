// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An isolated process from the inside: it has a handler open something, then answer request after
// request over a socket. Its other end is isolated_process.h, which starts it.
#pragma once

#include <functional>
#include <memory>

#include "isolation/handler.h"

namespace patchpipe {

/// If the command line is that of an isolated process, serves until the other end is gone and never
/// returns; otherwise does nothing. Call it first in main() of a tool that starts such processes.
void serve_if_isolated(int argc, char** argv,
                       const std::function<std::unique_ptr<Handler>()>& make_handler);

}  // namespace patchpipe
