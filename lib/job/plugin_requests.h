// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a process with a plug-in in it can be asked. Both ends know these: plugin_host.h, which
// asks, and plugin_handler.h, which answers.
#pragma once

#include <chrono>
#include <string_view>

namespace patchpipe {

/// The files that a request is sent with (handed_files.h).
inline constexpr std::string_view midi_role = "midi", input_role = "input",
                                  side_chain_role = "sidechain", sound_role = "sound";

/// A job, which renders or saves a preset: its result's fields, but the file is not named yet.
inline constexpr std::string_view render_verb = "render";
/// program, preset_path, preset_uri, moved, note, velocity, all optional: audio_hash, thread_ms.
inline constexpr std::string_view probe_verb = "probe";
/// A job, whose preset or state is only loaded: thread_ms.
inline constexpr std::string_view load_verb = "load";
/// parameters, programs, details: what plugin-probe prints.
inline constexpr std::string_view describe_verb = "describe";
/// program: its name, and the preset file's suffix and bytes in hexadecimal.
inline constexpr std::string_view export_verb = "export";

/// A job, of which only the sound is loaded, and what to play then: signal (measure/signal.h) or
/// faust_run (measure/faust_protocol.h), and counted, if the calls of the
/// plug-in are counted and denormal numbers kept: channels, latency_frames, the times
/// and calls (result_fields.cpp). The answer's samples go to the file, interleaved.
inline constexpr std::string_view play_verb = "play";

/// What waits of either end may take of a time limit: the rest is for the work.
[[nodiscard]] constexpr std::chrono::nanoseconds time_for_waits(std::chrono::nanoseconds limit) {
    return limit * 9 / 10;
}

}  // namespace patchpipe
