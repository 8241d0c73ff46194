// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is played, as the render loop learns of it, block by block: a Score is known as a whole
// (render.h), of live playing only the next block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "midi/time_map.h"
#include "render/processor.h"

namespace patchpipe {

/// A MIDI message at its frame, counted from the start of the render.
struct ScoreEvent {
    std::int64_t frame;
    std::vector<std::uint8_t> bytes;
};

class Performance {
 public:
    virtual ~Performance() = default;

    /// Asked first for each block: where it ends at the latest, at most `longest` frames after its
    /// begin; `begin` itself ends the render. May wait until what is to be played until then is
    /// known. The functions below are about this block.
    [[nodiscard]] virtual std::int64_t block_end(std::int64_t begin, int longest) = 0;

    /// The parameters that change at the first frame of the block; valid until the next call.
    [[nodiscard]] virtual std::span<const ParameterChange> changes_at(std::int64_t begin) = 0;
    /// The first frame after begin at which a parameter changes; at most `end`.
    [[nodiscard]] virtual std::int64_t next_change(std::int64_t begin, std::int64_t end) const = 0;

    /// The events from the block on, as far as they are known, in order of their frames. At one
    /// frame there are no more of them than the processor has room for.
    [[nodiscard]] virtual std::span<const ScoreEvent> events() const = 0;
    /// How many of them a block may have without memory being allocated for it; more are possible.
    [[nodiscard]] virtual std::size_t usual_events() const { return 0; }
    /// The first ones of events() are played. Valid until the next block_end().
    virtual void take_events(std::size_t count) = 0;

    /// For the transport.
    [[nodiscard]] virtual Position position_at(double seconds) const = 0;

    /// False if the processor hears silence only.
    [[nodiscard]] virtual bool has_audio() const = 0;
    /// What the processor hears: writes the next frames to as many channels as it has inputs.
    virtual void read_audio(std::span<float* const> channels, int frames) = 0;
    /// The same of its side chain.
    [[nodiscard]] virtual bool has_side_chain() const { return false; }
    virtual void read_side_chain(std::span<float* const> /*channels*/, int /*frames*/) {}
};

}  // namespace patchpipe
