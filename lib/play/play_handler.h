// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The process with the plug-in, while it plays: events from the play link into the plug-in, audio
// from the plug-in into the link. The link is the file of the request's output.
#pragma once

#include "job/plugin_handler.h"

namespace patchpipe {

/// The request: a record with what the plug-in is set to first (preset_path, program ...), the
/// sizes of the link, frames, if there is an end, and hears, true if there is audio to hear. Its
/// answer comes when all is played: latency_frames.
inline constexpr std::string_view live_verb = "play-live";

/// For serve_if_host(), with those of generation_requests.h.
[[nodiscard]] OwnRequests play_requests();

}  // namespace patchpipe
