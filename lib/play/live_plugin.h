// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a player (player.h) plays: a plug-in in a process of its own, or its builds one after the
// other (reloader.h).
#pragma once

#include <memory>
#include <vector>

#include "job/plugin_host.h"
#include "play/play_link.h"
#include "record/record.h"
#include "render/patch.h"

namespace patchpipe {

class LivePlugin {
 public:
    virtual ~LivePlugin() = default;

    /// What the plug-in is (job/describe.h), with its parameters.
    [[nodiscard]] virtual const Record& description() const = 0;
    /// The names of its parameters; there may be more of them while it plays.
    [[nodiscard]] virtual std::vector<ParameterName> parameters() const;
    [[nodiscard]] virtual bool sandboxed() const = 0;

    /// Plays what comes through the link until its end, on a thread of the caller's; request as in
    /// play_handler.h. Throws Error.
    virtual void play(const Record& request, const PlayLink& link) = 0;
    /// Lets play() end soon, from any thread; the link is stopped before.
    virtual void stop() {}
    /// Ends it at once, from any thread: play() throws then.
    virtual void kill() = 0;
    /// True if it sees itself when it hangs: nobody else has to watch the beats of the link.
    [[nodiscard]] virtual bool watches_itself() const { return false; }

    /// Records of what happened since the last call.
    [[nodiscard]] virtual std::vector<Record> take_news() { return {}; }
};

/// Throws Error if it cannot be opened.
[[nodiscard]] std::unique_ptr<LivePlugin> hosted_plugin(const HostSettings& settings);

}  // namespace patchpipe
