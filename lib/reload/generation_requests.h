// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the process of a generation (generation.h) is asked. All of them go on with the sound that
// the one before left.
#pragma once

#include <string_view>

#include "job/plugin_handler.h"

namespace patchpipe {

/// The longest state that goes from one build to the next, in bytes.
inline constexpr std::size_t largest_sound = std::size_t{1} << 31;

/// What the plug-in is set to first (preset_path, program ...), the sizes of the block memory,
/// which is the file of the output: latency_frames, room_events, room_bytes,
/// one_controller_a_block.
inline constexpr std::string_view begin_verb = "generation-begin";
/// Plays the block in the memory.
inline constexpr std::string_view block_verb = "generation-block";
/// Writes its sound (render/hand_over.h) to the output.
inline constexpr std::string_view hand_over_verb = "generation-hand-over";
/// Reads one from the input: the fields of TakenOver, and latency_frames.
inline constexpr std::string_view take_over_verb = "generation-take-over";
inline constexpr std::string_view state_role = "state";  ///< the file of the latter
/// parameter, an index, and text: its normalised value.
inline constexpr std::string_view value_verb = "generation-value";

/// Clears what sounds.
inline constexpr std::string_view reset_verb = "generation-reset";

/// For serve_if_host().
[[nodiscard]] OwnRequests generation_requests();

}  // namespace patchpipe
