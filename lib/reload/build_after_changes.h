// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs the user's build whenever a source file has another content, and tells what came of it. The
// files that it makes are for others to watch.
//
// A change while the command runs ends it and begins it anew, so that one that hangs blocks no
// other. A command that changes source files itself must come to its end all the same: each time
// in a row it gets twice as long after the change as the time before.
#pragma once

#include <stop_token>
#include <string>

#include "reload/news.h"
#include "watch/settling.h"
#include "watch/source_tree.h"

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

    /// On this thread, until it is to stop. Tells "building", "build-error" and "built". A command
    /// that changes the source files each time is run again for that only a few times. Tells an
    /// error, once, if there are more source files than can be watched. Throws Error io if the
    /// command cannot be run.
    void run(News& news, const std::stop_token& stop);

 private:
    [[nodiscard]] bool is_cut_short(News& news, const std::stop_token& stop);
    void tell_unwatched(News& news);
    [[nodiscard]] std::string built(const std::string& before, News& news);

    BuildSettings settings_;
    SourceTree sources_;
    Settling settling_;
    bool told_unwatched_ = false;
    int cut_short_ = 0;  // builds in a row that a change ended
    int changing_ = 0;   // builds in a row that came to their end, with other source files
};

}  // namespace patchpipe
