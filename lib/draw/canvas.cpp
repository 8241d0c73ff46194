// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "draw/canvas.h"

#include <algorithm>
#include <cmath>

namespace patchpipe {
namespace {

// Pixels first to end - 1 of a row or column.
struct Pixels {
    int first, end;
};

Pixels touched(double from, double to, int size) {
    const double most = size;
    return {static_cast<int>(std::clamp(std::floor(from), 0.0, most)),
            static_cast<int>(std::clamp(std::ceil(to), 0.0, most))};
}

// How much of the pixel is between two places.
double share(int pixel, double from, double to) {
    return std::max(0.0, std::min(pixel + 1.0, to) - std::max(double(pixel), from));
}

constexpr double full = 255;

std::uint32_t coverage_of(double share) {
    return static_cast<std::uint32_t>(std::lround(std::clamp(share, 0.0, 1.0) * full));
}

}  // namespace

Box box_of(const Frame& frame) { return {0, 0, double(frame.width), double(frame.height)}; }

void fill(Frame& frame, const Color& color) {
    std::fill(frame.pixels.begin(), frame.pixels.end(), color.pixel());
}

void copy(const Frame& from, const PixelBox& box, Frame& to) {
    for (int y = box.top; y < box.bottom; ++y)
        std::copy(from.row(y) + box.left, from.row(y) + box.right, to.row(y) + box.left);
}

void fill_box(Frame& frame, const Box& box, const Color& color, double opacity) {
    const auto columns = touched(box.left, box.right, frame.width);
    const auto rows = touched(box.top, box.bottom, frame.height);
    const auto pixel = color.pixel();
    for (int y = rows.first; y < rows.end; ++y) {
        const double of_row = opacity * share(y, box.top, box.bottom);
        auto* const row = frame.row(y);
        for (int x = columns.first; x < columns.end; ++x)
            blend(row[x], pixel, coverage_of(of_row * share(x, box.left, box.right)));
    }
}

void fill_round_box(Frame& frame, const Box& box, double radius, const Color& color,
                    double opacity) {
    radius = std::min({radius, box.width() / 2, box.height() / 2});
    if (radius < 1) return fill_box(frame, box, color, opacity);
    const auto columns = touched(box.left, box.right, frame.width);
    const auto rows = touched(box.top, box.bottom, frame.height);
    const double x_middle = (box.left + box.right) / 2, y_middle = (box.top + box.bottom) / 2;
    const double x_straight = box.width() / 2 - radius, y_straight = box.height() / 2 - radius;
    const auto pixel = color.pixel();
    for (int y = rows.first; y < rows.end; ++y) {
        const double y_far = std::abs(y + 0.5 - y_middle) - y_straight;
        auto* const row = frame.row(y);
        for (int x = columns.first; x < columns.end; ++x) {
            // How far the pixel is outside of the shape whose border the radius adds.
            const double x_far = std::abs(x + 0.5 - x_middle) - x_straight;
            const double distance = std::hypot(std::max(x_far, 0.0), std::max(y_far, 0.0)) +
                                    std::min(std::max(x_far, y_far), 0.0);
            blend(row[x], pixel,
                  coverage_of(opacity * std::clamp(radius - distance + 0.5, 0.0, 1.0)));
        }
    }
}

void draw_mask(Frame& frame, int left, int top, const Mask& mask, const Color& color,
               double opacity, const Box& clip) {
    const auto columns = touched(std::ceil(clip.left), std::floor(clip.right), frame.width);
    const auto rows = touched(std::ceil(clip.top), std::floor(clip.bottom), frame.height);
    const auto pixel = color.pixel();
    const auto strength = coverage_of(opacity);
    for (int y = std::max(rows.first, top); y < std::min(rows.end, top + mask.height); ++y) {
        auto* const row = frame.row(y);
        const auto* const coverage =
            mask.coverage.data() + static_cast<std::size_t>(y - top) * std::size_t(mask.width);
        for (int x = std::max(columns.first, left); x < std::min(columns.end, left + mask.width);
             ++x)
            blend(row[x], pixel, coverage[x - left] * strength / std::uint32_t(full));
    }
}

}  // namespace patchpipe
