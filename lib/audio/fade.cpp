// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/fade.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>

#include "base/number.h"

namespace patchpipe {
namespace {

double square(double x) { return x * x; }
double fourth(double x) { return square(square(x)); }

// From a shape without curvature to the one at either end of the curvature.
double blend(double curvature, double plain, double up, double down) {
    return curvature < 0 ? (1 + curvature) * plain - curvature * up
                         : (1 - curvature) * plain + curvature * down;
}

double fast_start(double x, double curvature) {
    return blend(curvature, x * (2 - x), std::sqrt(1 - square(fourth(1 - x))), fourth(x));
}

double parabola(double x, double curvature) {
    return blend(curvature, x, 1 - square(1 - x), square(x));
}

// Also linear and both steep shapes, which differ in their usual curvature only.
double quartic(double x, double curvature) {
    return blend(curvature, x, 1 - fourth(1 - x), fourth(x));
}

// Moves the middle of an S: a quadratic Bézier curve from (0, 0) to (1, 1) whose control point is
// (bend, 1 - bend), at x.
double moved(double x, double bend) {
    const double turn = 1 - 2 * bend;
    const double along = x == 0 ? 0 : x / (std::sqrt(x * turn + square(bend)) + bend);
    return 2 * (1 - bend) * along - turn * square(along);
}

double smooth(double x, double curvature) {
    const double at = moved(x, (curvature + 2) / 4);
    return (3 - 2 * at) * square(at);
}

double smooth_steep(double x, double curvature) {
    const double at = moved(x, (5 * curvature + 8) / 16);
    return at <= 0.5 ? 8 * fourth(at) : 1 - 8 * fourth(1 - at);
}

// Nearly sin(x π/2), without its cost.
double quarter_sine(double x) {
    constexpr double share = 1 - std::numbers::pi / 4;
    return 1 - square(1 - x) * (1 + share - share * square(1 - x));
}

double equal_power(double x, double curvature) {
    if (curvature >= 0) return curvature * fourth(x) + (1 - curvature) * quarter_sine(x);
    const double other = (1 + curvature) * quarter_sine(1 - x) - curvature * fourth(1 - x);
    return std::sqrt(1 - square(other));
}

struct Shape {
    std::string_view name;
    double (*gain)(double x, double curvature);
    double curvature;
};

constexpr Shape shapes[fade_shapes] = {
    {"linear", quartic, 0},
    {"fast-start", fast_start, 0},
    {"fast-end", parabola, 1},
    {"fast-start-steep", quartic, -1},
    {"fast-end-steep", quartic, 1},
    {"smooth", smooth, 0},
    {"smooth-steep", smooth_steep, 0},
    {"equal-power", equal_power, 0},
};

const Shape& shape_at(int shape) {
    if (shape < 0 || shape >= fade_shapes)
        throw std::invalid_argument("no fade shape " + std::to_string(shape));
    return shapes[shape];
}

}  // namespace

double fade_gain(int shape, double curvature, double position) {
    if (!(std::abs(curvature) <= 1) || std::isnan(position))
        throw std::invalid_argument("a fade's curvature is -1 to 1, and its position a number");
    const double x = std::clamp(position, 0.0, 1.0);
    return std::clamp(shape_at(shape).gain(x, curvature), 0.0, 1.0);
}

double fade_out_gain(int shape, double curvature, double position) {
    return fade_gain(shape, -curvature, 1 - position);
}

double default_curvature(int shape) { return shape_at(shape).curvature; }

const std::vector<std::string_view>& fade_names() {
    static const std::vector<std::string_view> names = [] {
        std::vector<std::string_view> all;
        for (const auto& shape : shapes) all.push_back(shape.name);
        return all;
    }();
    return names;
}

std::optional<int> fade_named(std::string_view text) {
    const auto& names = fade_names();
    if (const auto found = std::find(names.begin(), names.end(), text); found != names.end())
        return static_cast<int>(found - names.begin());
    if (text == "1.1") return 7;
    if (text == "5.1") return 6;
    const auto number = parse_whole<int>(text);
    return number && *number >= 0 && *number < fade_shapes ? number : std::nullopt;
}

}  // namespace patchpipe
