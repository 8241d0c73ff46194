// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A processor that plays what comes through a play link, into the link.
#pragma once

#include <functional>

#include "play/live_score.h"
#include "play/play_link.h"
#include "render/processor.h"

namespace patchpipe {

/// Plays until the end that the settings or the events have, or until the link is stopped. Returns
/// the latency in frames.
int play_into(PlayLink& link, Processor& processor, const BlockSettings& block_settings,
              const LiveSettings& settings,
              const std::function<void(const Transport& transport)>& before_block);

}  // namespace patchpipe
