// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Frames as Y'CbCr with a quarter of the colour samples (4:2:0), as H.264 players expect it:
// BT.709, 16 to 235 and 16 to 240, and colour samples at the left pixel of each pair, between two
// rows. Formulas: Recommendation ITU-R BT.709-6, items 3.2 to 3.5.
#pragma once

#include <string>
#include <vector>

#include "video/frame.h"

namespace patchpipe {

/// Converts frames, one after the other; width and height must be even.
class YuvConverter {
 public:
    /// Appends the planes Y, Cb and Cr.
    void append(const Frame& frame, std::string& bytes);

 private:
    void append_chroma_row(const Frame& frame, int y, unsigned char* cb, unsigned char* cr);

    std::vector<float> red_, green_, blue_;  // sums of two rows
};

}  // namespace patchpipe
