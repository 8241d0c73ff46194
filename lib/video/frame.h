// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A picture in memory. Not here: drawing into it (draw/canvas.h), what becomes of it (y4m.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "video/tiles.h"

namespace patchpipe {

/// Pixels as 0xAARRGGBB in the byte order of the machine, which is Cairo's order and ffmpeg's bgra
/// on little-endian ones; row after row from the top, without gaps. Frames of a video are opaque.
struct Frame {
    Frame(int frame_width, int frame_height)
        : width(frame_width),
          height(frame_height),
          pixels(static_cast<std::size_t>(frame_width) * static_cast<std::size_t>(frame_height)),
          changed(frame_width, frame_height) {}

    [[nodiscard]] std::uint32_t* row(int y) {
        return pixels.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
    }
    [[nodiscard]] const std::uint32_t* row(int y) const {
        return pixels.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
    }

    int width, height;
    std::vector<std::uint32_t> pixels;
    Tiles changed;  ///< since the video's frame before; all, unless a view knows better
};

/// The same without owning the pixels, whose alpha is not multiplied into the colors.
struct Picture {
    int width = 0, height = 0;
    const std::uint32_t* pixels = nullptr;

    [[nodiscard]] const std::uint32_t* row(int y) const {
        return pixels + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
    }
};

[[nodiscard]] inline Picture picture_of(const Frame& frame) {
    return {frame.width, frame.height, frame.pixels.data()};
}

}  // namespace patchpipe
