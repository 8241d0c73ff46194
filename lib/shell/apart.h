// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Work on a thread of its own, for which its caller waits only so long. The thread has a working
// folder of its own too, since Faust's compiler changes it (faust/working_folder.h), and the
// process belongs to the host.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>

namespace patchpipe {

/// Returns false if it takes longer than that, or if the caller is to stop and it is not done a
/// moment later. The work then goes on, by itself; it must own all that it uses, and this library
/// stays loaded for it. What the work throws is its own business. Throws Error io if there can be
/// no thread.
[[nodiscard]] bool run_apart(std::function<void()> work, std::chrono::milliseconds longest,
                             const std::stop_token& stop);

}  // namespace patchpipe
