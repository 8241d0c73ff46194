// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs the user's build whenever a source file has another content, and tells what came of it. The
// files that it makes are for others to watch.
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "reload/news.h"
#include "watch/settling.h"

namespace patchpipe {

struct BuildSettings {
    std::string command;
    std::string sources = ".";  ///< the folder of the source files (source_tree.h)
    bool shown = false;         ///< what it prints goes to standard error too
};

class BuildAfterChanges {
 public:
    /// What the source files hold now is built: what is written from here on is a change.
    explicit BuildAfterChanges(BuildSettings settings);
    ~BuildAfterChanges();

    /// On this thread, until it is to stop. Tells "building", "build-error" and "built". A command
    /// that changes the source files each time is run again for that only a few times. Throws
    /// Error io if it cannot be run.
    void run(News& news, const std::stop_token& stop);

 private:
    class Sources;

    BuildSettings settings_;
    std::unique_ptr<Sources> sources_;
    Settling settling_;
};

}  // namespace patchpipe
