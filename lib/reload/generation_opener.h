// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Opens the builds of a plug-in, one after the other, and counts them. Another thread may end one
// that takes too long.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "base/descriptor.h"
#include "reload/generation.h"
#include "reload/news.h"

namespace patchpipe {

class GenerationOpener {
 public:
    /// Of the settings plugin_path and number are set here. news must outlive this.
    GenerationOpener(GenerationSettings settings, News& news)
        : settings_(std::move(settings)), news_(news) {}

    /// Tells "loaded". Throws Error.
    [[nodiscard]] std::unique_ptr<Generation> open(const std::string& plugin_path);

    /// The number of the last one, also if it was not opened.
    [[nodiscard]] int last_number() const { return settings_.number; }

    /// Ends the opening of one, from any thread; open() throws then.
    void cancel();
    /// The same, also of all later ones.
    void stop();

 private:
    class Attempt;
    void note_start(int pidfd);
    void end_attempt() const;

    GenerationSettings settings_;
    News& news_;
    std::mutex mutex_;    // for the members below
    Descriptor process_;  // the pidfd of the one that is being opened
    bool opening_ = false, cancelled_ = false, stopped_ = false;
};

}  // namespace patchpipe
