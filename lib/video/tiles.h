// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Parts of a frame, for work that is only done where something changed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace patchpipe {

/// Pixels, from left and top to right and bottom, which are behind the last ones.
struct PixelBox {
    int left, top, right, bottom;
};

/// Some of the tiles that a frame consists of; those at its right and bottom edge may be cut off.
class Tiles {
 public:
    static constexpr int width = 16, height = 8;  // of a tile in pixels

    /// All of them.
    Tiles(int frame_width, int frame_height)
        : frame_width_(frame_width),
          frame_height_(frame_height),
          columns_((frame_width + width - 1) / width),
          rows_((frame_height + height - 1) / height),
          marks_(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_), 1) {}

    void clear() { std::fill(marks_.begin(), marks_.end(), std::uint8_t{0}); }

    /// Adds the tiles that have pixels of the box, which is in the frame and not empty.
    void add(const PixelBox& box) {
        for (int row = box.top / height; row <= (box.bottom - 1) / height; ++row)
            std::fill(mark(box.left / width, row), mark((box.right - 1) / width, row) + 1,
                      std::uint8_t{1});
    }
    /// Adds those of another frame of the same size.
    void add(const Tiles& other) {
        for (std::size_t i = 0; i < marks_.size(); ++i) marks_[i] |= other.marks_[i];
    }

    /// Calls use(PixelBox) for each row of tiles that are side by side.
    template <typename Use>
    void for_each_run(Use use) const {
        for (int row = 0; row < rows_; ++row)
            for (int begin = 0; begin < columns_; ++begin) {
                int end = begin;
                while (end < columns_ && *mark(end, row)) ++end;
                if (end == begin) continue;
                use(PixelBox{begin * width, row * height, std::min(end * width, frame_width_),
                             std::min((row + 1) * height, frame_height_)});
                begin = end;
            }
    }

 private:
    [[nodiscard]] std::uint8_t* mark(int column, int row) {
        return marks_.data() + std::ptrdiff_t{row} * columns_ + column;
    }
    [[nodiscard]] const std::uint8_t* mark(int column, int row) const {
        return marks_.data() + std::ptrdiff_t{row} * columns_ + column;
    }

    int frame_width_, frame_height_, columns_, rows_;
    std::vector<std::uint8_t> marks_;  // 1 or 0
};

}  // namespace patchpipe
