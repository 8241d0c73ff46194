// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Parameters that move while a processor plays. A plug-in takes a parameter's value for a whole
// block, so blocks are split where values change. Where that is depends on the automation alone,
// not on the block size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "render/processor.h"

namespace patchpipe {

struct AutomationPoint {
    std::int64_t frame;  ///< from the start of the render
    double value;        ///< normalised, 0 to 1
};

/// One parameter's way. Before the first point it stays as it is, after the last at its value.
struct Automation {
    /// How the value goes from one point to the next.
    enum class Shape {
        linear,  ///< in a straight line, in steps of control_interval frames
        step,    ///< at once, at the next point
    };

    std::size_t parameter;                ///< its index, as Patch counts them
    std::vector<AutomationPoint> points;  ///< in order of their frames; two at one frame are a jump
    Shape shape = Shape::linear;
    std::int64_t delay = 0;  ///< how many frames later the audio reaches the parameter's processor
};

class AutomationPlayer {
 public:
    /// control_interval is at least 1. The automation must outlive this.
    AutomationPlayer(std::span<const Automation> automation, int control_interval);

    /// The values that change at this frame; valid until the next call. Call it for the first frame
    /// of each block, in order.
    [[nodiscard]] std::span<const ParameterChange> changes_at(std::int64_t frame);

    /// The first frame after `begin`, that of the last call, at which a value changes; at most
    /// `end`.
    [[nodiscard]] std::int64_t next_change(std::int64_t begin, std::int64_t end) const;

 private:
    struct Lane {
        const Automation* automation;
        std::size_t next = 0;  ///< the first point behind the present frame

        [[nodiscard]] bool moves() const;
        [[nodiscard]] std::int64_t next_change(std::int64_t begin, std::int64_t interval) const;
    };

    std::vector<Lane> lanes_;
    std::int64_t interval_;
    std::vector<ParameterChange> changes_;
};

}  // namespace patchpipe
