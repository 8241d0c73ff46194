// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How many frames a second has, as a fraction: 60, or 30000/1001, of which 29.97 is a rounded form.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patchpipe {

struct FrameRate {
    std::int64_t numerator = 60, denominator = 1;

    /// The moment that a frame shows, in seconds: the middle of the time that it is seen.
    [[nodiscard]] double time_of(std::int64_t frame) const {
        return (static_cast<double>(frame) + 0.5) * static_cast<double>(denominator) /
               static_cast<double>(numerator);
    }
    /// When the frame begins to be seen, in seconds.
    [[nodiscard]] double begin_of(std::int64_t frame) const {
        return static_cast<double>(frame) * static_cast<double>(denominator) /
               static_cast<double>(numerator);
    }
    /// The frames that are needed for all of that many seconds.
    [[nodiscard]] std::int64_t frames_in(double seconds) const;

    /// "60/1".
    [[nodiscard]] std::string text() const;
};

/// Parses N or N/D, with N / D from 1 to 1000. Returns nothing for anything else, decimals
/// included.
[[nodiscard]] std::optional<FrameRate> parse_frame_rate(std::string_view text);

}  // namespace patchpipe
