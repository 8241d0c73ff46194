// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An oscilloscope's line. It is drawn column by column: the line's points are so dense that the
// circles around them, which a round pen would leave, make one stroke.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "draw/canvas.h"

namespace patchpipe {

/// From where to where the line goes at a point, in pixels from the top: a point may stand for
/// several samples.
struct TraceSpan {
    float top, bottom;
};

class TracePainter {
 public:
    static constexpr int points_per_pixel = 2;

    /// Draws a line as thick as that many pixels through the points, which are
    /// 1 / points_per_pixel apart, from clip's left edge on; clip has whole numbers, is as wide as
    /// they are, and is in the frame. What is above or below of clip is drawn at its edge. Adds the
    /// tiles that it is in.
    void draw(Frame& frame, const Box& clip, std::span<const TraceSpan> points, double thickness,
              const Color& color, Tiles& tiles);

 private:
    void find_stroke(std::span<const TraceSpan> points, double radius, const Box& clip);
    void draw_strip(Frame& frame, int left, std::span<const float> tops,
                    std::span<const float> bottoms, std::uint32_t pixel, Tiles& tiles);

    std::vector<float> tops_, bottoms_;  // of the stroke, at the middle of each part of a column
};

}  // namespace patchpipe
