// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The process with the plug-in in it: opens the plug-in, then answers requests (plugin_requests.h).
#pragma once

#include <functional>
#include <map>
#include <string_view>

#include "isolation/handler.h"
#include "job/job_sound.h"
#include "render/processor.h"

namespace patchpipe {

/// The plug-in of a process, while a request is answered.
struct OpenPlugin {
    Processor& processor;
    StateWatches& states;
    BlockSettings settings;
};

struct OwnRequest {
    /// As Handler::answer().
    std::function<Record(const OpenPlugin& plugin, const Record& request, Asker& asker)> answer;
    /// The next request goes on with the sound that this one leaves, and with its clock: otherwise
    /// each begins as a job does.
    bool goes_on = false;
};

/// Requests that only one tool has, besides those of plugin_requests.h.
using OwnRequests = std::map<std::string_view, OwnRequest>;

/// If the command line is that of a process with a plug-in, serves until the tool is gone and never
/// returns; otherwise does nothing. Call it first in main() of a tool that opens plug-ins.
void serve_if_host(int argc, char** argv, const OwnRequests& own = {});

}  // namespace patchpipe
