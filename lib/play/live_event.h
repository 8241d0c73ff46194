// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What goes through the rings of a play link (play_link.h): events to the process with the plug-in,
// and what it has to say of them back. Both are plain bytes of a fixed size.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace patchpipe {

/// Of a MIDI message, and of a parameter's value as text.
inline constexpr std::size_t longest_live_bytes = 256;

/// In place of a frame: the first one of the next block.
inline constexpr std::int64_t as_soon_as_possible = -1;

struct LiveEvent {
    enum class Kind : std::uint32_t {
        midi,       ///< bytes
        note,       ///< bytes are the note-on; the note-off follows after `length`
        parameter,  ///< parameter, value
        text,       ///< parameter; bytes are the value as text, for the plug-in to convert
        reset,      ///< clears what sounds in the plug-in
        stop,       ///< ends the playing at its frame
        last,       ///< no event follows: the playing ends when these are played and `length` is
                    ///< over
    };

    Kind kind = Kind::midi;
    std::uint32_t parameter = 0;
    std::int64_t line = 0;                     ///< of the input, from 1, for messages
    std::int64_t frame = as_soon_as_possible;  ///< from the start
    std::int64_t length = 0;                   ///< frames
    double value = 0;                          ///< normalised, 0 to 1
    std::uint32_t size = 0;
    std::array<std::uint8_t, longest_live_bytes> bytes{};

    [[nodiscard]] std::span<const std::uint8_t> message() const {
        return std::span(bytes).first(size);
    }
};

/// What became of an event, where that is not what was wanted.
struct LiveNote {
    enum class Kind : std::uint32_t {
        late,     ///< its frame had passed: it was played `frames` later
        refused,  ///< the text says why
    };

    Kind kind = Kind::late;
    std::uint32_t size = 0;
    std::int64_t line = 0, frames = 0;
    std::array<char, 256> text{};
};

}  // namespace patchpipe
