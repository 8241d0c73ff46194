// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A picture put into a frame: scaled, turned over, and more or less transparent.
#pragma once

#include "draw/canvas.h"
#include "video/frame.h"

namespace patchpipe {

/// Draws the picture so that it fills place; what is outside of clip is cut off. flipped: left and
/// right change places. opacity is 0 to 1, and counts beside that of each pixel. Between pixels it
/// is interpolated, and at its own size, at whole pixels, it is as it is.
void draw_picture(Frame& frame, const Box& place, const Picture& picture, bool flipped,
                  double opacity, const Box& clip);

}  // namespace patchpipe
