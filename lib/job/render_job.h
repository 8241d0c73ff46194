// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A job as render-one understands it: the fields of a record, checked, with their defaults.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "audio/audio_format.h"
#include "record/record.h"

namespace patchpipe {

/// True if an output_path means the tool's standard output ("-", /dev/stdout, /dev/fd/1).
[[nodiscard]] bool names_stdout(std::string_view path);

/// Throws Error if an output_path names a descriptor that the tool was not started with for that:
/// standard input or error, or one of the tool's own. Call it in the tool itself.
void check_output_descriptor(std::string_view path);

struct RenderJob {
    std::optional<std::string> preset_path, state_path, midi_path, plugin_path;
    std::optional<std::string> preset_format;
    int note, velocity;
    double duration, tail;     ///< seconds
    double midi_duration = 0;  ///< seconds; with midi_path only
    int sample_rate, block_size;
    AudioFormat::Container container;
    AudioFormat::Depth depth;
    std::string output_path;
    std::string provenance;  ///< for the file's comment; the renderer sets it
    bool skip_existing, require_change;
    bool repeatable;  ///< false if the plug-in is known to give other audio each time

    /// True if the audio goes to the tool's standard output (/dev/stdout, /dev/fd/1).
    [[nodiscard]] bool to_stdout() const;

    /// Seconds of audio.
    [[nodiscard]] double length() const { return (midi_path ? midi_duration : duration) + tail; }
};

/// Throws Error bad-record for a field of the wrong type or out of its range, for a missing
/// output_path, and for a midi_path without midi_duration.
[[nodiscard]] RenderJob read_render_job(const Record& record);

}  // namespace patchpipe
