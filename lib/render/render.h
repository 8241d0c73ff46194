// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The render loop: events and an instrument in, blocks of frames out. It knows nothing of options,
// files, processes or plug-in formats, and prints nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "midi/time_map.h"
#include "render/instrument.h"

namespace patchpipe {

/// A MIDI message at its frame, counted from the start of the render.
struct ScoreEvent {
    std::int64_t frame;
    std::vector<std::uint8_t> bytes;
};

/// What is to be played: events in order of their frames, and the length of the result.
struct Score {
    std::vector<ScoreEvent> events;
    std::int64_t frames = 0;
    TimeMap time_map;  ///< for the playhead
};

struct BlockSettings {
    int sample_rate;
    int block_size;  ///< frames; only the last block, and one before a split, is shorter
};

/// Takes a block of the result, interleaved; never an empty one. It is valid during the call.
using Sink = std::function<void(std::span<const float> samples)>;

/// Renders exactly score.frames frames into the sink. The latency that the instrument reports
/// before it plays is taken out: that many frames more are rendered, and the first ones dropped.
/// Returns that latency in frames. Throws Error unsupported, before anything is played, for events
/// at one frame that the instrument has no room for in a block; other blocks are split.
int render(Instrument& instrument, const Score& score, const BlockSettings& settings,
           const Sink& sink);

}  // namespace patchpipe
