// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "video/frame_rate.h"

#include <cmath>

#include "base/number.h"

namespace patchpipe {

std::int64_t FrameRate::frames_in(double seconds) const {
    // A length that is a number of frames, but for the rounding of its seconds, has no frame more.
    constexpr double rounding = 1e-6;
    const double frames =
        seconds * static_cast<double>(numerator) / static_cast<double>(denominator);
    return static_cast<std::int64_t>(std::ceil(frames - rounding));
}

std::string FrameRate::text() const {
    return std::to_string(numerator) + "/" + std::to_string(denominator);
}

std::optional<FrameRate> parse_frame_rate(std::string_view text) {
    constexpr std::int64_t largest = 1000000, fastest = 1000;
    const auto slash = text.find('/');
    const auto numerator = parse_whole<std::int64_t>(text.substr(0, slash));
    const auto denominator =
        slash == text.npos ? 1 : parse_whole<std::int64_t>(text.substr(slash + 1));
    if (!numerator || !denominator || *denominator < 1 || *denominator > largest ||
        *numerator < *denominator || *numerator > fastest * *denominator)
        return {};
    return FrameRate{*numerator, *denominator};
}

}  // namespace patchpipe
