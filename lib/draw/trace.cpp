// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "draw/trace.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace patchpipe {
namespace {

// The stroke's edge is found this often in a pixel, where points are.
constexpr int parts = TracePainter::points_per_pixel;

// Columns side by side, as many as a tile has: where the stroke is in each of their parts. A
// missing column has no stroke.
class Strip {
 public:
    Strip(std::span<const float> tops, std::span<const float> bottoms) {
        for (std::size_t i = 0; i < tops.size(); ++i) {
            tops_[i % parts][i / parts] = tops[i];
            bottoms_[i % parts][i / parts] = bottoms[i];
        }
    }
    // How much of each column's pixel in that row is covered, 0 to 255.
    void cover(int row, std::array<int, Tiles::width>& coverage) const {
        const auto upper = static_cast<float>(row), lower = upper + 1;
        for (std::size_t x = 0; x < coverage.size(); ++x) {
            float sum = 0;
            for (int i = 0; i < parts; ++i)
                sum +=
                    std::max(0.0F, std::min(bottoms_[i][x], lower) - std::max(tops_[i][x], upper));
            constexpr float full = 255;
            coverage[x] = static_cast<int>(sum * (full / parts) + 0.5F);
        }
    }

 private:
    float tops_[parts][Tiles::width]{}, bottoms_[parts][Tiles::width]{};
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

void TracePainter::draw_strip(Frame& frame, int left, std::span<const float> tops,
                              std::span<const float> bottoms, std::uint32_t pixel, Tiles& tiles) {
    const auto columns = tops.size() / parts;
    const int first = static_cast<int>(std::floor(*std::min_element(tops.begin(), tops.end())));
    const int end = static_cast<int>(std::ceil(*std::max_element(bottoms.begin(), bottoms.end())));
    if (first >= end) return;
    tiles.add({left, first, left + static_cast<int>(columns), end});
    const Strip strip(tops, bottoms);
    std::array<int, Tiles::width> coverage;
    for (int y = first; y < end; ++y) {
        strip.cover(y, coverage);
        auto* const pixels = frame.row(y) + left;
        std::size_t x = 0;
        for (; x + 4 <= columns; x += 4) blend_four(pixels + x, pixel, coverage.data() + x);
        for (; x < columns; ++x) blend(pixels[x], pixel, static_cast<std::uint32_t>(coverage[x]));
    }
}

void TracePainter::draw(Frame& frame, const Box& clip, std::span<const TraceSpan> points,
                        double thickness, const Color& color, Tiles& tiles) {
    find_stroke(points, thickness / 2, clip);
    const std::span<const float> tops(tops_), bottoms(bottoms_);
    const auto count = points.size() / parts * parts;
    constexpr std::size_t strip = std::size_t{Tiles::width} * parts;
    for (std::size_t begin = 0; begin < count; begin += strip) {
        const auto size = std::min(strip, count - begin);
        draw_strip(frame, static_cast<int>(clip.left) + static_cast<int>(begin) / parts,
                   tops.subspan(begin, size), bottoms.subspan(begin, size), color.pixel(), tiles);
    }
}

}  // namespace patchpipe
