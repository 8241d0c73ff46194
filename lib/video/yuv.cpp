// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "video/yuv.h"

#include <algorithm>
#include <cstddef>

namespace patchpipe {
namespace {

constexpr float red_share = 0.2126F, blue_share = 0.0722F, green_share = 1 - red_share - blue_share;
constexpr float luma_range = 219.0F / 255, luma_offset = 16;
constexpr float chroma_range = 224.0F / 255, chroma_offset = 128;
constexpr float half = 0.5F;  // rounds, because no value is negative

constexpr int red_shift = 16, green_shift = 8;
constexpr std::uint32_t byte = 0xff;

float part(std::uint32_t pixel, int shift) {
    // Through a signed number, for which processors have a conversion.
    return static_cast<float>(static_cast<int>((pixel >> shift) & byte));
}

void convert_luma_row(const std::uint32_t* pixels, int width, unsigned char* luma) {
    for (int x = 0; x < width; ++x)
        luma[x] = static_cast<unsigned char>(
            static_cast<int>(luma_range * (red_share * part(pixels[x], red_shift) +
                                           green_share * part(pixels[x], green_shift) +
                                           blue_share * part(pixels[x], 0)) +
                             (luma_offset + half)));
}

// The weights 1, 2, 1 of a colour sample at its pixel.
std::uint32_t filtered(const std::uint32_t* at) { return at[-1] + 2 * at[0] + at[1]; }

}  // namespace

// Red and blue in one number, green in the other, so that sums have 16 bits each.
void YuvConverter::add_rows(const Frame& frame, int y, int begin, int end) {
    constexpr std::uint32_t two_bytes = 0xff00ff;
    const auto* const upper = frame.row(y);
    const auto* const lower = frame.row(y + 1);
    auto* const red_blue = red_blue_.data() + 1;
    auto* const green = green_.data() + 1;
    for (int x = begin; x < end; ++x) {
        red_blue[x] = (upper[x] & two_bytes) + (lower[x] & two_bytes);
        green[x] = ((upper[x] >> green_shift) & byte) + ((lower[x] >> green_shift) & byte);
    }
    red_blue[-1] = red_blue[0];
    green[-1] = green[0];
}

void YuvConverter::convert_chroma(const Frame& frame, const PixelBox& box, unsigned char* cb,
                                  unsigned char* cr) {
    // The sample on the right has a share of the last pixel.
    const int end = std::min(box.right + 2, frame.width);
    // Looked up here, as bytes that are written might be these members, for all the compiler knows.
    const auto* const red_blue_sums = red_blue_.data() + 1;
    const auto* const green_sums = green_.data() + 1;
    for (int y = box.top; y < box.bottom; y += 2) {
        add_rows(frame, y, std::max(box.left - 1, 0), end);
        const auto row = static_cast<std::ptrdiff_t>(y / 2) * (frame.width / 2);
        for (int x = box.left / 2; x < end / 2; ++x) {
            constexpr float weights = 8;  // of two rows
            const auto red_blue = filtered(red_blue_sums + std::ptrdiff_t{2} * x);
            const auto green = filtered(green_sums + std::ptrdiff_t{2} * x);
            const float r = static_cast<float>(static_cast<int>(red_blue >> 16U)) / weights;
            const float g = static_cast<float>(static_cast<int>(green)) / weights;
            const float b = static_cast<float>(static_cast<int>(red_blue & 0xffffU)) / weights;
            const float luma = red_share * r + green_share * g + blue_share * b;
            constexpr float blue_scale = chroma_range / (2 * (1 - blue_share));
            constexpr float red_scale = chroma_range / (2 * (1 - red_share));
            cb[row + x] = static_cast<unsigned char>(
                static_cast<int>((b - luma) * blue_scale + (chroma_offset + half)));
            cr[row + x] = static_cast<unsigned char>(
                static_cast<int>((r - luma) * red_scale + (chroma_offset + half)));
        }
    }
}

void YuvConverter::convert(const Frame& frame, const Tiles& tiles, unsigned char* planes) {
    const auto pixels = static_cast<std::ptrdiff_t>(frame.pixels.size());
    auto* const cb = planes + pixels;
    auto* const cr = cb + pixels / 4;
    red_blue_.resize(static_cast<std::size_t>(frame.width) + 1);
    green_.resize(red_blue_.size());
    tiles.for_each_run([&](const PixelBox& box) {
        for (int y = box.top; y < box.bottom; ++y)
            convert_luma_row(frame.row(y) + box.left, box.right - box.left,
                             planes + std::ptrdiff_t{y} * frame.width + box.left);
        convert_chroma(frame, box, cb, cr);
    });
}

}  // namespace patchpipe
