// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "draw/trace.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace patchpipe {
namespace {

// The stroke's edge is found this often in a pixel, where points are.
constexpr int parts = TracePainter::points_per_pixel;
constexpr float full = 255;

// The rows that the parts of a column touch, and how much of each is covered.
class Column {
 public:
    Column(const float* tops, const float* bottoms) : tops_(tops), bottoms_(bottoms) {
        highest_ = *std::min_element(tops, tops + parts);
        lowest_ = *std::max_element(bottoms, bottoms + parts);
    }
    [[nodiscard]] int first() const { return static_cast<int>(std::floor(highest_)); }
    [[nodiscard]] int end() const { return static_cast<int>(std::ceil(lowest_)); }
    [[nodiscard]] std::uint32_t coverage(int y) const {
        float sum = 0;
        const auto upper = static_cast<float>(y), lower = upper + 1;
        for (int i = 0; i < parts; ++i)
            sum += std::max(0.0F, std::min(bottoms_[i], lower) - std::max(tops_[i], upper));
        return static_cast<std::uint32_t>(sum * (full / parts) + 0.5F);
    }

 private:
    const float* tops_;
    const float* bottoms_;
    float highest_, lowest_;
};

}  // namespace

void TracePainter::find_stroke(std::span<const TraceSpan> points, double radius, const Box& clip) {
    const auto count = points.size();
    tops_.assign(count, std::numeric_limits<float>::max());
    bottoms_.assign(count, std::numeric_limits<float>::lowest());
    // A cell may be narrower than the line.
    const auto reach = std::min(static_cast<std::ptrdiff_t>(radius * points_per_pixel),
                                static_cast<std::ptrdiff_t>(count) - 1);
    for (auto step = -reach; step <= reach; ++step) {
        // Half of the circle's height, that far from its middle.
        const double far = static_cast<double>(step) / points_per_pixel;
        const auto half = static_cast<float>(std::sqrt(std::max(0.0, radius * radius - far * far)));
        const auto begin = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, -step));
        const auto end = count - static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, step));
        for (std::size_t i = begin; i < end; ++i) {
            const auto& point = points[i + static_cast<std::size_t>(step)];
            tops_[i] = std::min(tops_[i], point.top - half);
            bottoms_[i] = std::max(bottoms_[i], point.bottom + half);
        }
    }
    const auto top = static_cast<float>(clip.top), bottom = static_cast<float>(clip.bottom);
    for (std::size_t i = 0; i < count; ++i) {
        tops_[i] = std::clamp(tops_[i], top, bottom);
        bottoms_[i] = std::clamp(bottoms_[i], top, bottom);
    }
}

void TracePainter::draw(Frame& frame, const Box& clip, std::span<const TraceSpan> points,
                        double thickness, const Color& color) {
    find_stroke(points, thickness / 2, clip);
    const auto pixel = color.pixel();
    const int left = static_cast<int>(clip.left);
    const int columns = std::min({static_cast<int>(points.size()) / parts,
                                  static_cast<int>(clip.width()), frame.width - left});
    for (int x = 0; x < columns; ++x) {
        const Column column(tops_.data() + std::ptrdiff_t{x} * parts,
                            bottoms_.data() + std::ptrdiff_t{x} * parts);
        const int end = std::min(column.end(), frame.height);
        for (int y = std::max(column.first(), 0); y < end; ++y)
            blend(frame.row(y)[left + x], pixel, column.coverage(y));
    }
}

}  // namespace patchpipe
