// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Colours, as people write them and as pixels have them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace patchpipe {

struct Color {
    std::uint8_t red = 0, green = 0, blue = 0;

    /// An opaque pixel of a Frame.
    [[nodiscard]] std::uint32_t pixel() const {
        return 0xff000000U | std::uint32_t{red} << 16U | std::uint32_t{green} << 8U |
               std::uint32_t{blue};
    }
    friend bool operator==(const Color&, const Color&) = default;
};

/// The colour between two, share 0 to 1 of the other.
[[nodiscard]] Color mixed(const Color& color, const Color& other, double share);

/// Parses "#rrggbb", with or without the "#". Returns nothing for anything else.
[[nodiscard]] std::optional<Color> parse_color(std::string_view text);

/// Colours that are told apart, and are bright enough for thin lines in a video, which stores a
/// quarter of the colour only.
[[nodiscard]] const std::vector<Color>& usual_colors();

}  // namespace patchpipe
