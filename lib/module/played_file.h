// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Played audio as an audio file, and the voices of a module as files of a folder.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "audio/audio_format.h"
#include "audio/meter.h"
#include "module/module_process.h"

namespace patchpipe {

/// Whether what is played sounds different without the effects that libopenmpt has built in.
/// format is that of the module.
[[nodiscard]] bool plugins_sound(ModuleProcess& module, const std::string& format, ModulePlay play);

/// Writes the audio as a whole file, in a format of one or two channels, whose sample_rate and
/// frames are set here. Returns the measures of what is written. Throws what WholeFile and
/// AudioWriter throw, and Error non-finite.
Meter write_played(const PlayedAudio& audio, int sample_rate, const std::string& path,
                   AudioFormat format);

/// A voice in a file.
struct VoiceFile {
    int voice = 0;  ///< from 0
    std::string path;
    std::int64_t frames = 0;
    Meter meter;
};

/// Longer than any note; a sample that loops is cut there.
inline constexpr double longest_sample = 10;

/// Writes every voice that is not silent into the folder, as "0003 Name.wav". Calls done with each.
void write_voices(ModuleProcess& module, const ModuleInfo& info, const ModulePlay& play,
                  const std::string& folder, const AudioFormat& format,
                  const std::function<void(const VoiceFile&)>& done);

}  // namespace patchpipe
