// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an audio file is made from, as a line of JSON: with it a later run can tell whether it would
// make the same file again. Not here: how it gets into the file (rendered_file.h).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "job/job_input.h"
#include "job/render_job.h"

namespace patchpipe {

/// How every provenance begins.
inline constexpr std::string_view provenance_begin = "{\"made_by\":\"patchpipe\",";

/// What may make a render differ from other renders of the same job.
struct RenderWay {
    bool reuses_plugin;  ///< earlier jobs in the same process may have changed the sound
    bool real_clock;     ///< the plug-in was shown the real time
};

/// The preset or state of a plug-in: content hashes, and the format that the preset's content has.
/// Empty for files that the job does not have.
struct SoundFiles {
    std::string preset_format, preset_hash, state_hash;
    std::vector<std::string> plugins;  ///< PresetIdentity::plugins
};

/// What a job's files are.
struct JobFiles {
    SoundFiles sound;
    std::string midi_hash;
    std::vector<SoundFiles> chain;               ///< of its links
    std::shared_ptr<const JobInput> input;       ///< null without an input_path
    std::shared_ptr<const JobInput> side_chain;  ///< null without a sidechain_path
};

/// Reads the job's files. Throws Error not-found, unsupported, io, and corrupt, as
/// identify_preset() does.
[[nodiscard]] JobFiles read_job_files(const RenderJob& job);

/// The hashes of the preset, state or MIDI file and of the plug-in, and the settings that the audio
/// depends on, and the tags that the record gives the file. No paths: the same contents elsewhere
/// make the same file.
[[nodiscard]] std::string provenance(const RenderJob& job, const JobFiles& files,
                                     const std::string& plugin_hash, const RenderWay& way);

}  // namespace patchpipe
