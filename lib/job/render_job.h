// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A job as render-one understands it: the fields of a record, checked, with their defaults.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audio/audio_format.h"
#include "catalog/preset_file.h"
#include "job/parameter_settings.h"
#include "record/record.h"
#include "render/patch.h"

namespace patchpipe {

/// True if an output_path means the tool's standard output ("-", /dev/stdout, /dev/fd/1).
[[nodiscard]] bool names_stdout(std::string_view path);

/// Throws Error if an output_path names a descriptor that the tool was not started with for that:
/// standard input or error, or one of the tool's own. Call it in the tool itself.
void check_output_descriptor(std::string_view path);

/// When a render ends whose tail is "auto".
struct AutoTail {
    double threshold;  ///< dBFS
    double hold;       ///< seconds
};

/// What a job says of how a Faust program is compiled (plugin/dsp_operand.h).
struct DspFields {
    std::vector<std::string> compile_options;
    std::optional<int> nvoices;
};

/// A plug-in that the audio goes through after the first one.
struct ChainLink {
    std::string plugin_path;
    DspFields dsp;
    std::optional<std::string> preset_path, state_path;
    std::optional<RawState> raw_state;      ///< what state_path is, if it has no container
    std::optional<std::string> preset_uri;  ///< the LV2 preset that is meant
    std::optional<ProgramChoice> program;   ///< as of a job
    std::vector<ParameterSetting> parameters;
    std::vector<AutomationSetting> automation;
    double wet;  ///< 0 to 1
    bool bypass;
};

struct RenderJob {
    std::optional<std::string> preset_path, state_path, midi_path, plugin_path;
    DspFields dsp;
    std::optional<RawState> raw_state;  ///< what state_path is, if it has no container
    std::optional<std::string> preset_format;
    std::optional<std::string> preset_uri;  ///< the LV2 preset that is meant
    /// Of the bank that the preset is, or without a preset the plug-in's own.
    std::optional<ProgramChoice> program;
    std::optional<std::string> plugin_id;  ///< of the preset
    std::vector<std::string> preset_plugins =
        {};  ///< LV2: those that it is for; the renderer sets them
    int note, velocity;
    double duration, tail;  ///< seconds; with tail "auto" the longest that it may be
    std::optional<AutoTail> auto_tail;
    double tempo;                        ///< quarter notes a minute; without midi_path
    std::pair<int, int> time_signature;  ///< {6, 8}; without midi_path
    std::vector<ParameterSetting> parameters;
    std::vector<AutomationSetting> automation;
    int control_interval;                       ///< frames
    std::optional<std::string> input_path;      ///< audio that the plug-in hears
    std::optional<std::string> sidechain_path;  ///< audio that it hears in its side chain
    double input_duration = 0;                  ///< its seconds; read_job_files() knows them
    bool all_buses;  ///< all outputs of the plug-in are rendered, not the main ones only
    std::vector<ChainLink> chain;
    std::optional<int> track_channels;  ///< as many run along all links, see Chain::set_track()
    double midi_duration = 0;           ///< seconds; with midi_path only
    int sample_rate, block_size;
    AudioFormat::Container container;
    AudioFormat::Depth depth;
    std::optional<double> quality;  ///< of a lossy container, as is
    std::optional<int> bitrate;     ///< this, in kbit/s
    AudioTags tags;                 ///< from the record; without a comment
    std::string output_path;
    std::string provenance = {};  ///< for the file's comment; the renderer sets it
    bool skip_existing, require_change;
    bool saves_preset = false;  ///< the file is a preset of the sound; the renderer sets it
    std::string preset_name;    ///< for that preset
    bool repeatable = true;     ///< false if the plug-in is known to give other audio each time

    /// True if the audio goes to the tool's standard output (/dev/stdout, /dev/fd/1).
    [[nodiscard]] bool to_stdout() const;

    /// Seconds until the tail begins: of the note, or of the files that are played.
    [[nodiscard]] double played() const {
        if (!midi_path && !input_path) return duration;
        return std::max(midi_duration, input_duration);
    }

    /// Seconds of audio.
    [[nodiscard]] double length() const { return played() + tail; }
};

/// Of a job, or of a link of its chain.
template <typename Settings>
[[nodiscard]] PresetChoice preset_choice(const Settings& settings) {
    return {settings.preset_uri.value_or(""), settings.program};
}

/// Throws Error bad-record for a field of the wrong type or out of its range, for a missing
/// output_path, and for a midi_path without midi_duration.
[[nodiscard]] RenderJob read_render_job(const Record& record);

/// The job in a message from Renderer, which adds input_duration, provenance,
/// saves_preset and repeatable.
[[nodiscard]] RenderJob read_render_request(const Record& request);

}  // namespace patchpipe
