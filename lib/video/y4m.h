// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Frames as a YUV4MPEG2 stream (y4m), which carries size and rate, and which every encoder reads: a
// line, and for each frame the line FRAME and its planes.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "video/frame.h"
#include "video/frame_rate.h"
#include "video/yuv.h"

namespace patchpipe {

class Y4mStream {
 public:
    using Write = std::function<void(std::string_view bytes)>;

    /// Writes the first line. width and height must be even.
    Y4mStream(int width, int height, const FrameRate& rate, Write write);

    /// Outside of its changed tiles the frame must be like the one before, if there was one.
    void add(const Frame& frame);

 private:
    Write write_;
    YuvConverter converter_;
    std::string bytes_;  // of the newest frame
};

}  // namespace patchpipe
