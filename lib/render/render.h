// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The render loop: events, audio and a processor in, blocks of frames out. It knows nothing of
// options, files, processes, clocks or plug-in formats, and prints nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "midi/time_map.h"
#include "render/automation.h"
#include "render/performance.h"
#include "render/processor.h"

namespace patchpipe {

/// Writes the next frames of audio, to as many channels as there are pointers.
using AudioSource = std::function<void(std::span<float* const> channels, int frames)>;

/// What is to be played: events in order of their frames, and the length of the result.
struct Score {
    std::vector<ScoreEvent> events;
    std::int64_t frames = 0;
    TimeMap time_map;  ///< for the transport
    /// What the processor hears, in as many channels as it has inputs, block after block from the
    /// start of the render on. Empty: silence.
    AudioSource audio = {};
    AudioSource side_chain = {};  ///< the same, for its side chain
    std::vector<Automation> automation = {};
    int control_interval = 64;  ///< frames between two values of a parameter that moves
};

/// What the caller learns while a render goes on.
struct Listener {
    /// Takes a block of the result, interleaved; never an empty one. It is valid during the call.
    std::function<void(std::span<const float> samples)> samples = [](auto) {};
    /// Before each block, with the transport that the processor is about to get.
    std::function<void(const Transport& transport)> before_block = [](const auto&) {};
    /// Asked after each block of the result: true ends the render before score.frames.
    std::function<bool()> ended = [] { return false; };
};

/// Renders exactly score.frames frames to the listener, unless it ends the render. The latency that
/// the processor reports before it plays is taken out: that many frames more are rendered, and the
/// first ones dropped. Returns that latency in frames. Throws Error unsupported, before anything is
/// played, for events at one frame that the processor has no room for in a block; other blocks are
/// split.
int render(Processor& processor, const Score& score, const BlockSettings& settings,
           const Listener& listener);

/// The same with a performance, whose own frames include the latency: it ends that much later than
/// what is heard of it. Does not throw.
int render(Processor& processor, Performance& performance, const BlockSettings& settings,
           const Listener& listener);

}  // namespace patchpipe
