// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "video/yuv.h"

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

// The weights 1, 2, 1 of a colour sample at its pixel; the leftmost pixel is there twice.
void filter_row(const std::vector<float>& sums, int pairs, float* filtered) {
    constexpr float weights = 8;  // of two rows
    filtered[0] = (3 * sums[0] + sums[1]) / weights;
    for (int x = 1; x < pairs; ++x) {
        const auto* const at = sums.data() + 2 * x;
        filtered[x] = (at[-1] + 2 * at[0] + at[1]) / weights;
    }
}

}  // namespace

void YuvConverter::append_chroma_row(const Frame& frame, int y, unsigned char* cb,
                                     unsigned char* cr) {
    const auto* const upper = frame.row(y);
    const auto* const lower = frame.row(y + 1);
    const auto width = static_cast<std::size_t>(frame.width);
    auto* const red = red_.data();
    auto* const green = green_.data();
    auto* const blue = blue_.data();
    for (std::size_t x = 0; x < width; ++x) {
        red[x] = part(upper[x], red_shift) + part(lower[x], red_shift);
        green[x] = part(upper[x], green_shift) + part(lower[x], green_shift);
        blue[x] = part(upper[x], 0) + part(lower[x], 0);
    }
    const int pairs = frame.width / 2;
    for (auto* sums : {&red_, &green_, &blue_}) filter_row(*sums, pairs, sums->data() + width);
    for (int x = 0; x < pairs; ++x) {
        const float r = red[width + x], g = green[width + x], b = blue[width + x];
        const float luma = red_share * r + green_share * g + blue_share * b;
        constexpr float blue_scale = chroma_range / (2 * (1 - blue_share));
        constexpr float red_scale = chroma_range / (2 * (1 - red_share));
        cb[x] = static_cast<unsigned char>(
            static_cast<int>((b - luma) * blue_scale + (chroma_offset + half)));
        cr[x] = static_cast<unsigned char>(
            static_cast<int>((r - luma) * red_scale + (chroma_offset + half)));
    }
}

void YuvConverter::append(const Frame& frame, std::string& bytes) {
    const auto width = static_cast<std::size_t>(frame.width);
    const auto height = static_cast<std::size_t>(frame.height);
    const auto begin = bytes.size();
    bytes.resize(begin + width * height * 3 / 2);
    auto* const luma = reinterpret_cast<unsigned char*>(bytes.data() + begin);
    for (int y = 0; y < frame.height; ++y)
        convert_luma_row(frame.row(y), frame.width, luma + static_cast<std::size_t>(y) * width);
    for (auto* sums : {&red_, &green_, &blue_}) sums->resize(2 * width);
    auto* cb = luma + width * height;
    auto* cr = cb + width * height / 4;
    for (int y = 0; y < frame.height; y += 2, cb += width / 2, cr += width / 2)
        append_chroma_row(frame, y, cb, cr);
}

}  // namespace patchpipe
