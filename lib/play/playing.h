// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A plug-in that plays, on a thread of its own.
#pragma once

#include <atomic>
#include <exception>
#include <thread>

#include "base/waker.h"
#include "play/live_plugin.h"
#include "play/play_link.h"

namespace patchpipe {

class Playing {
 public:
    /// Begins. All of these must outlive this; the waker is told of the end.
    Playing(LivePlugin& plugin, const Record& request, const PlayLink& link, const Waker& waker);
    /// Waits for the end, which comes soon if the link was stopped. Kills what does not end.
    ~Playing();
    Playing(const Playing&) = delete;
    Playing& operator=(const Playing&) = delete;

    [[nodiscard]] bool ended() const { return ended_; }
    /// What went wrong, or null.
    [[nodiscard]] std::exception_ptr failure() const { return ended_ ? failure_ : nullptr; }

 private:
    LivePlugin& plugin_;
    std::exception_ptr failure_;
    std::atomic<bool> ended_{false};
    std::thread thread_;
};

}  // namespace patchpipe
