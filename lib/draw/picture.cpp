// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "draw/picture.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace patchpipe {
namespace {

constexpr int shift = 8;  // of fractions
constexpr std::uint32_t whole = 1U << shift;

// Where a row or column of the frame is in the picture: between two pixels, with the share of the
// second.
struct Source {
    int first, second;
    std::uint32_t share;
};

// For the pixels begin to end - 1 of a picture of that size, drawn from a place on.
std::vector<Source> sources(int begin, int end, double from, double length, int size,
                            bool flipped) {
    std::vector<Source> list;
    for (int pixel = begin; pixel < end; ++pixel) {
        double at = (pixel + 0.5 - from) / length * size;
        if (flipped) at = size - at;
        at = std::clamp(at - 0.5, 0.0, size - 1.0);
        const int first = static_cast<int>(at);
        list.push_back({first, std::min(first + 1, size - 1),
                        static_cast<std::uint32_t>(std::lround((at - first) * whole))});
    }
    return list;
}

// Of two pixels, the second's share in 256ths. Bytes do not mix, as each has 16 bits.
std::uint32_t between(std::uint32_t one, std::uint32_t other, std::uint32_t share) {
    constexpr std::uint32_t bytes = 0xff00ff, half = 0x800080;
    if (one == other) return one;
    const auto part = [&](std::uint32_t from, std::uint32_t to) {
        return (((from & bytes) * (whole - share) + (to & bytes) * share + half) >> shift) & bytes;
    };
    return part(one, other) | part(one >> 8U, other >> 8U) << 8U;
}

}  // namespace

void draw_picture(Frame& frame, const Box& place, const Picture& picture, bool flipped,
                  double opacity, const Box& clip) {
    const auto edge = [](double at, double low, double high) {
        return static_cast<int>(std::clamp(std::round(at), low, high));
    };
    const double wide = frame.width, high = frame.height;
    const int left = edge(std::max(place.left, clip.left), 0, wide);
    const int right = edge(std::min(place.right, clip.right), 0, wide);
    const int top = edge(std::max(place.top, clip.top), 0, high);
    const int bottom = edge(std::min(place.bottom, clip.bottom), 0, high);
    if (left >= right || top >= bottom || picture.width < 1 || picture.height < 1) return;
    const auto columns = sources(left, right, place.left, place.width(), picture.width, flipped);
    const auto rows = sources(top, bottom, place.top, place.height(), picture.height, false);
    constexpr std::uint32_t full = 255;
    const auto strength =
        static_cast<std::uint32_t>(std::lround(std::clamp(opacity, 0., 1.) * full));
    for (int y = top; y < bottom; ++y) {
        const auto& row = rows[static_cast<std::size_t>(y - top)];
        const auto* const upper = picture.row(row.first);
        const auto* const lower = picture.row(row.second);
        auto* const target = frame.row(y);
        for (int x = left; x < right; ++x) {
            const auto& column = columns[static_cast<std::size_t>(x - left)];
            const auto pixel = between(
                between(upper[column.first], upper[column.second], column.share),
                between(lower[column.first], lower[column.second], column.share), row.share);
            blend(target[x], pixel, (pixel >> 24U) * strength / full);
        }
    }
}

}  // namespace patchpipe
