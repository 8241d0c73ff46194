// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One job on an open instrument: load the preset, render into the file, measure, report.
#pragma once

#include <cstdint>
#include <string>

#include "host/channel.h"
#include "host/instrument.h"
#include "host/render.h"
#include "host/render_job.h"

namespace patchpipe {

/// Remembers a plug-in's state by its hash, to tell whether loading a preset did anything.
class StateWatch {
 public:
    explicit StateWatch(Instrument& instrument);
    /// True if the state is not what it was when this was last asked.
    [[nodiscard]] bool changed(Instrument& instrument);

 private:
    std::uint64_t hash_;
};

/// Runs the job and returns the fields of its result as a JSON object: status, frames, channels,
/// peak and so on; "unchanged" is among them if the preset changed nothing, which is an Error
/// preset-rejected if the job requires a change. The phases are noted on the board. audio_stdout is
/// the descriptor that /dev/stdout means to the user. Throws Error, and then no file is under its
/// final name.
[[nodiscard]] std::string run_job(Instrument& instrument, StateWatch& state, const RenderJob& job,
                                  SharedBoard& board, int audio_stdout);

/// Renders the probe from the instrument's present state, or, if probe has note and velocity, that
/// note, after selecting program if it has one. The fields are status and audio_hash.
[[nodiscard]] std::string run_probe(Instrument& instrument, const BlockSettings& settings,
                                    SharedBoard& board, const Record& probe);

}  // namespace patchpipe
