// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Channels of samples in the type that a Faust program computes in, float or double.
#pragma once

#include <cstddef>
#include <variant>
#include <vector>

namespace patchpipe {

template <typename Sample>
struct FaustChannels {
    FaustChannels(std::size_t count, int frames)
        : samples(count, std::vector<Sample>(static_cast<std::size_t>(frames))) {
        for (auto& channel : samples) pointers.push_back(channel.data());
    }
    FaustChannels(FaustChannels&&) noexcept = default;  // a copy's pointers would be the original's
    FaustChannels& operator=(FaustChannels&&) noexcept = default;

    std::vector<std::vector<Sample>> samples;
    std::vector<Sample*> pointers;  ///< to those of each channel
};

/// Those of a program whose type is known when it is compiled.
using AnyFaustChannels = std::variant<FaustChannels<float>, FaustChannels<double>>;

[[nodiscard]] inline AnyFaustChannels faust_channels(bool is_double, std::size_t count,
                                                     int frames) {
    if (is_double) return FaustChannels<double>(count, frames);
    return FaustChannels<float>(count, frames);
}

}  // namespace patchpipe
