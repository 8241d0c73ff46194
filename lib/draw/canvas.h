// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Shapes with smooth edges into a frame. What is outside of the frame is cut off. Not here: text
// (text.h), oscilloscope lines (trace.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "draw/color.h"
#include "video/frame.h"

namespace patchpipe {

/// A part of the plane, in pixels; x goes right and y down, and pixel 0 is from 0 to 1.
struct Box {
    double left = 0, top = 0, right = 0, bottom = 0;

    [[nodiscard]] double width() const { return right - left; }
    [[nodiscard]] double height() const { return bottom - top; }
    /// The box without a border of that width.
    [[nodiscard]] Box within(double border) const {
        return {left + border, top + border, right - border, bottom - border};
    }
};

/// Moves a pixel towards the colour, by coverage / 255 of the way.
inline void blend(std::uint32_t& pixel, std::uint32_t color, std::uint32_t coverage) {
    constexpr std::uint32_t two_bytes = 0xff00ff, whole = 255, half = 0x800080;
    // Red and blue in one number, green in the other: 16 bits each.
    const auto mix = [&](std::uint32_t from, std::uint32_t to) {
        const auto sum =
            (from & two_bytes) * (whole - coverage) + (to & two_bytes) * coverage + half;
        return ((sum + ((sum >> 8U) & two_bytes)) >> 8U) & two_bytes;  // sum / 255, rounded
    };
    pixel = mix(pixel, color) | mix(pixel >> 8U, color >> 8U) << 8U;
}

/// The same for four pixels side by side, each with a coverage of its own.
inline void blend_four(std::uint32_t* pixels, std::uint32_t color, const int* coverage) {
    using Whole = std::uint32_t __attribute__((vector_size(16)));
    using Halves = std::uint16_t __attribute__((vector_size(16)));
    constexpr std::uint32_t two_bytes = 0xff00ff;
    constexpr std::uint16_t whole = 255, half = 0x80;
    Whole from, share;
    std::memcpy(&from, pixels, sizeof from);
    std::memcpy(&share, coverage, sizeof share);
    share |= share << 16U;
    const auto mix = [&](Whole bytes, std::uint32_t to) {
        const auto shares = reinterpret_cast<Halves>(share);
        const auto color_bytes = reinterpret_cast<Halves>(Whole{} + (to & two_bytes));
        const Halves sum = reinterpret_cast<Halves>(bytes & two_bytes) * (whole - shares) +
                           color_bytes * shares + half;
        return reinterpret_cast<Whole>((sum + (sum >> 8U)) >> 8U);  // as in blend()
    };
    from = mix(from, color) | mix(from >> 8U, color >> 8U) << 8U;
    std::memcpy(pixels, &from, sizeof from);
}

/// Coverage of pixels, 0 to 255.
struct Mask {
    int width = 0, height = 0;
    std::vector<std::uint8_t> coverage;
};

void fill(Frame& frame, const Color& color);
/// Copies the box between frames of the same size.
void copy(const Frame& from, const PixelBox& box, Frame& to);
/// opacity is 0 to 1.
void fill_box(Frame& frame, const Box& box, const Color& color, double opacity = 1);
/// The same with round corners.
void fill_round_box(Frame& frame, const Box& box, double radius, const Color& color,
                    double opacity = 1);
/// Draws the colour where the mask is, whose left top corner is at that pixel; what is outside of
/// clip is cut off.
void draw_mask(Frame& frame, int left, int top, const Mask& mask, const Color& color,
               double opacity, const Box& clip);

/// The whole frame as a box.
[[nodiscard]] Box box_of(const Frame& frame);

}  // namespace patchpipe
