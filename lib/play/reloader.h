// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A plug-in whose builds play one after the other: when its files were written anew and have come
// to rest, or at the frames of a script, the next build is loaded on a thread of its own, and
// offered to the playing (reload/reloading.h). What does not load is a record, and the sound stays.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "play/live_plugin.h"
#include "play/reload_script.h"

namespace patchpipe {

struct ReloadSettings {
    HostSettings host;
    Record sound{"{}"};                       ///< preset_path, program: as in a job
    std::chrono::milliseconds hang{1000};     ///< for a block
    double fade = 0.01;                       ///< seconds, from one build to the next
    std::optional<double> meters = {};        ///< seconds between two records of the meters
    std::optional<std::string> against = {};  ///< another build, to compare with
    std::optional<std::string> build = {};    ///< the command that makes the files
    std::string sources = ".";                ///< the folder whose files it is run after
    /// In place of watching the files.
    std::optional<std::vector<ScriptedReload>> script = {};
};

/// Opens the first build. wake is called whenever there are news, on any thread. Throws Error if it
/// cannot be opened.
[[nodiscard]] std::unique_ptr<LivePlugin> reloaded_plugin(const ReloadSettings& settings,
                                                          std::function<void()> wake);

}  // namespace patchpipe
