// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "draw/effect_pictures.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "draw/canvas.h"
#include "draw/picture.h"

namespace patchpipe {
namespace {

constexpr std::uint32_t opaque = 0xff000000, byte = 0xff;

// What is no longer part of the picture is transparent, or has the background's color.
std::uint32_t removed(const EffectValues& values) {
    const auto background = values.settings.color("background");
    return background ? background->pixel() : 0;
}

double distance(std::uint32_t pixel, const Color& color) {
    const auto part = [&](unsigned shift, std::uint8_t wanted) {
        return static_cast<double>((pixel >> shift) & byte) - wanted;
    };
    return std::hypot(part(16, color.red), part(8, color.green), part(0, color.blue));
}

}  // namespace

void draw_solid(Frame& picture, const EffectValues& values) {
    fill_box(picture, box_of(picture), *values.settings.color("color"),
             values.number("opacity", 0, 1));
    for (auto& pixel : picture.pixels) pixel |= opaque;
}

// Bars from the left to the right, around the middle.
void draw_wave(Frame& picture, const EffectValues& values) {
    const auto background = values.settings.color("background");
    if (background) fill(picture, *background);
    const auto color = *values.settings.color("color");
    const auto& bars = *values.moment.bars;
    const double width = picture.width / std::max(1.0, static_cast<double>(bars.size()));
    const double middle = picture.height / 2.0;
    const double most = values.number("height", 0, 1) * picture.height;
    for (std::size_t i = 0; i < bars.size(); ++i) {
        const double left = std::round(static_cast<double>(i) * width);
        const double right = std::round(static_cast<double>(i + 1) * width);
        const double high = bars[i] * most / 2;
        fill_box(picture, {left, middle - high, right, middle + high}, color);
    }
    for (auto& pixel : picture.pixels) pixel |= opaque;
}

// The picture, smaller, above a bar that grows and shrinks.
void draw_layered(Frame& picture, const EffectValues& values) {
    const Frame before = picture;
    fill(picture, values.settings.color("background").value_or(Color{}));
    const double scale = values.number("scale", 0, 16);
    const double width = picture.width * scale, height = picture.height * scale;
    const double left = (picture.width - width) / 2, top = (picture.height - height) / 2;
    draw_picture(picture, {left, top, left + width, top + height}, picture_of(before), false, 1,
                 box_of(picture));
    const double turn =
        2 * std::numbers::pi * values.number("pulses", -1000, 1000) * values.moment.seconds;
    const double pulse = 0.5 + 0.5 * std::cos(turn);
    const double bar = values.number("bar_height", 0, 1) * picture.height * pulse;
    fill_box(picture, {0, picture.height - bar, double(picture.width), double(picture.height)},
             *values.settings.color("bar"));
    for (auto& pixel : picture.pixels) pixel |= opaque;
}

void draw_chroma_key(Frame& picture, const EffectValues& values) {
    const auto key = *values.settings.color("color");
    const double threshold = values.number("threshold", 0, 500);
    const auto instead = removed(values);
    for (auto& pixel : picture.pixels)
        if (distance(pixel, key) <= threshold) pixel = instead;
}

void draw_cookie_cutter(Frame& picture, const EffectValues& values) {
    constexpr double circle_radius = 0.35, box_share = 0.6;
    const double scale = values.number("scale", 0, 16);
    const double radius = circle_radius * std::min(picture.width, picture.height) * scale;
    const double wide = box_share * picture.width * scale / 2;
    const double high = box_share * picture.height * scale / 2;
    const bool circle = values.settings.word("shape") == "circle";
    const auto instead = removed(values);
    for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; ++x) {
            const double right = x + 0.5 - picture.width / 2.0;
            const double down = y + 0.5 - picture.height / 2.0;
            const bool inside = circle ? std::hypot(right, down) <= radius
                                       : std::abs(right) <= wide && std::abs(down) <= high;
            if (!inside) picture.row(y)[x] = instead;
        }
}

void draw_fly(Frame& picture, const EffectValues& values) {
    const Frame before = picture;
    std::fill(picture.pixels.begin(), picture.pixels.end(), 0);
    constexpr double far = 4;  // pictures: nothing is seen from there
    const auto right = static_cast<int>(std::lround(values.number("x", -far, far) * picture.width));
    const auto down = static_cast<int>(std::lround(values.number("y", -far, far) * picture.height));
    for (int y = std::max(0, down); y < std::min(picture.height, picture.height + down); ++y) {
        const auto* const from = before.row(y - down);
        const int begin = std::max(0, right);
        const int end = std::min(picture.width, picture.width + right);
        if (begin < end)
            std::copy(from + begin - right, from + end - right, picture.row(y) + begin);
    }
}

// Upright slices that turn towards the viewer, one after the other.
void draw_blinds(Frame& picture, const EffectValues& values) {
    constexpr double most_slices = 256, degree = std::numbers::pi / 180;
    const auto count = static_cast<int>(std::lround(values.number("slices", 1, most_slices)));
    const double stagger = values.number("stagger", 0, 100);
    const Frame before = picture;
    std::fill(picture.pixels.begin(), picture.pixels.end(), removed(values));
    for (int i = 0; i < count; ++i) {
        const double left = double(picture.width) * i / count;
        const double right = double(picture.width) * (i + 1) / count;
        const double turned = std::clamp(
            values.number("open", 0, 1) * (1 + stagger) - stagger * i / std::max(1, count - 1), 0.0,
            1.0);
        const double seen = std::cos(values.number("angle", -360, 360) * (1 - turned) * degree);
        const double light = 1 - values.number("depth", 0, 1) * (1 - turned);
        const double middle = (left + right) / 2, width = std::abs(seen) * (right - left);
        const int first = static_cast<int>(std::ceil(middle - width / 2 - 0.5));
        const int end = static_cast<int>(std::ceil(middle + width / 2 - 0.5));
        for (int x = std::max(0, first); x < std::min(picture.width, end); ++x) {
            const double at = (x + 0.5 - middle) / std::max(std::abs(seen), 1e-9) + middle;
            const int from = std::clamp(static_cast<int>(at), 0, picture.width - 1);
            for (int y = 0; y < picture.height; ++y) {
                auto pixel = before.row(y)[from];
                auto shaded = (pixel & ~opaque) | opaque;
                blend(shaded, 0, static_cast<std::uint32_t>(std::lround((1 - light) * byte)));
                picture.row(y)[x] = (shaded & ~opaque) | (pixel & opaque);
            }
        }
    }
}

}  // namespace patchpipe
