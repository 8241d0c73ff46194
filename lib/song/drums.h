// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which of MIDI's drums a sample is, and the channel for drums.
#pragma once

#include <optional>
#include <string_view>

namespace patchpipe {

inline constexpr int drum_channel = 10;

/// A MIDI channel, 1 to 16, for the notes of a channel of a module, counted from 0: all but that
/// for drums in turn.
[[nodiscard]] int melodic_channel(int channel);

/// The note of the drum in General MIDI, 35 to 81, that a sample of that name is; nothing if the
/// name has no word for a drum. "Kick_02" is 36, "closed hat.wav" 42.
[[nodiscard]] std::optional<int> drum_note_of(std::string_view name);

}  // namespace patchpipe
