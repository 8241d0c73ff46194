// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Between the tool and the process with a plug-in is another one, in which nothing foreign runs.
// The kernel ends a process with its parent if it asked for that, but not what it has started: a
// tool that is killed cannot end that any more, and a plug-in's helper that detached itself would
// go on for ever. This process outlives the tool for as long as that takes.
#pragma once

#include <sys/types.h>
#include <functional>

namespace patchpipe {

/// Call it in a child that the tool has just forked. Runs work, which does not return, in a child
/// of its own, and hands it this process's id. When that child ends, or the tool does, everything
/// that descends from the child is ended too, and this process ends as the child did.
[[noreturn]] void supervise(pid_t tool, const std::function<void(pid_t supervisor)>& work);

}  // namespace patchpipe
