// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the played rows make the channels play: notes from where they begin to where they cannot be
// heard any more, and how pitch and volume move meanwhile.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "module/playing_pass.h"

namespace patchpipe {

struct ModuleNote {
    std::int64_t frame = 0, frames = 0;
    int note = 60;       ///< 60 is middle C
    double cents = 0;    ///< how far above the note it begins
    int voice = -1;      ///< -1: the channel never named one
    int velocity = 1;    ///< 1 to 127: the volume that it begins with
    bool silent = true;  ///< it cannot be heard
};

/// Changes while a note sounds, each only where it differs from the one before.
struct ModuleBend {
    std::int64_t frame = 0;
    double cents = 0;  ///< above the note
};
struct ModuleExpression {
    std::int64_t frame = 0;
    int value = 127;  ///< of the note's velocity, in 127ths
};

struct ChannelNotes {
    std::vector<ModuleNote> notes;
    std::vector<ModuleBend> bends;
    std::vector<ModuleExpression> expressions;
};

/// The notes of a channel, each until the next one. A note that the row is too short for, as its
/// delay is longer, does not begin; a retriggered one begins again.
[[nodiscard]] ChannelNotes find_notes(const ModuleFile& module, const PlayedModule& played,
                                      int channel);

/// How many channels have notes.
[[nodiscard]] int channels_with_notes(const ModuleFile& module, const PlayedModule& played);

/// The notes that the cells of a channel have, each as long as its row, and at full volume.
[[nodiscard]] ChannelNotes notes_of_rows(const ModuleFile& module, const PlayedModule& played,
                                         int channel);

/// Ends each note where the channel falls silent (below -100 dB). open gives the module again, at
/// the beginning of what was played.
void end_notes(const std::function<ModuleFile()>& open, const PlayedModule& played, int channel,
               ChannelNotes& notes);

}  // namespace patchpipe
