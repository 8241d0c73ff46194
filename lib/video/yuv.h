// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Frames as Y'CbCr with a quarter of the colour samples (4:2:0), as H.264 players expect it:
// BT.709, 16 to 235 and 16 to 240, and colour samples at the left pixel of each pair, between two
// rows. Formulas: Recommendation ITU-R BT.709-6, items 3.2 to 3.5.
#pragma once

#include <cstdint>
#include <vector>

#include "video/frame.h"

namespace patchpipe {

/// Converts frames; width and height must be even.
class YuvConverter {
 public:
    /// Converts these tiles. planes are Y, Cb and Cr, one behind the other, and keep what they have
    /// of the rest.
    void convert(const Frame& frame, const Tiles& tiles, unsigned char* planes);

 private:
    void convert_chroma(const Frame& frame, const PixelBox& box, unsigned char* cb,
                        unsigned char* cr);
    void add_rows(const Frame& frame, int y, int begin, int end);

    // Of two rows, behind a pixel that is left of the first.
    std::vector<std::uint32_t> red_blue_, green_;
};

}  // namespace patchpipe
