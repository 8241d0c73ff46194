// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What modules have in common as songs, those of trackers and those in text. Channels count from 0.
#pragma once

#include <concepts>
#include <string>

namespace patchpipe {

/// A quarter note has so many rows.
inline constexpr double rows_of_beat = 4;

/// The id of a channel's track: "t3".
template <std::integral Number>
[[nodiscard]] std::string track_id(Number channel) {
    return "t" + std::to_string(channel + 1);
}

/// What a channel without a name is called: "Channel 3".
template <std::integral Number>
[[nodiscard]] std::string unnamed_channel(Number channel) {
    return "Channel " + std::to_string(channel + 1);
}

}  // namespace patchpipe
