// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Plays a signal through a processor and keeps everything that comes out, the frames of its latency
// too.
#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "measure/signal.h"
#include "render/processor.h"

namespace patchpipe {

/// What one play took, by the real clock: the time in process() alone, in blocks of the prepared
/// size. 0 if there was no such block.
struct PlayTime {
    double least_ns = 0, median_ns = 0;  ///< for a frame
};

struct PlayListener {
    /// Takes a block of the answer, interleaved.
    std::function<void(std::span<const float> samples)> samples = [](auto) {};
    /// Before each block, with its transport.
    std::function<void(const Transport& transport)> before_block = [](const auto&) {};
    /// Called directly before (true) and after (false) the processor processes a block.
    std::function<void(bool begins)> processing = [](bool) {};
};

enum class Denormals {
    flushed,  ///< made 0, as hosts do
    kept,
};

/// The answer has signal.frames frames. Throws as render() does.
PlayTime play(Processor& processor, const Signal& signal, const BlockSettings& settings,
              Denormals denormals, const PlayListener& listener);

}  // namespace patchpipe
