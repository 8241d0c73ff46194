// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The files that a module is played into: its songs, as a whole or each channel or instrument by
// itself. Not here: playing (module_process.h) and writing (played_file.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "module/module_process.h"
#include "record/record.h"

namespace patchpipe {

/// What a stem is of.
enum class StemOf { channel, instrument };

/// The mix of a subsong, which is then the sum of its stems, if they are wanted too, or one of
/// these; stems come before their mix.
struct ModuleFilePlan {
    ModulePlay play;
    std::string path;
    Record fields{"{}"};  ///< of the result: subsong, track, track_name, sample, sample_name, rest
    bool is_sum = false;
    bool is_rest = false;  ///< a stem of what is in the mix and in no other stem
    [[nodiscard]] bool is_stem() const { return play.channel >= 0 || play.voice >= 0 || is_rest; }
};

/// What is wanted. Folders are absolute; each file in them is called after its number and its name.
struct WantedFiles {
    std::optional<std::string> mix;       ///< a file for the subsong that play says
    std::optional<std::string> subsongs;  ///< a folder for the mix of every subsong
    std::optional<std::string> stems;     ///< a folder; with subsongs one in it for each subsong
    StemOf stem_of = StemOf::channel;
    std::string suffix = "wav";
};

/// The files in order. play has what all of them have in common. Throws Error unsupported for a
/// subsong that is not there.
[[nodiscard]] std::vector<ModuleFilePlan> plan_module_files(const ModuleInfo& info,
                                                            const ModulePlay& play,
                                                            const WantedFiles& wanted);

/// The name of a channel: its own, or "Channel 3".
[[nodiscard]] std::string channel_name(const ModuleInfo& info, int channel);

}  // namespace patchpipe
