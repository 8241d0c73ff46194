// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One job on an open instrument: load the preset, render into the file, measure, report.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/descriptor.h"
#include "isolation/channel.h"
#include "job/render_job.h"
#include "render/instrument.h"
#include "render/render.h"

namespace patchpipe {

/// Tells by the hash of a plug-in's state whether loading a preset did anything.
class StateWatch {
 public:
    /// Takes the hash once for the first load: that of every child, if children are made of this.
    explicit StateWatch(Instrument& instrument);

    /// Runs load, which gives these bytes to the instrument. True if the state is another than it
    /// was just before, or if it was that of these very bytes already, because they made it so.
    [[nodiscard]] bool changed_by(Instrument& instrument, std::string_view bytes,
                                  const std::function<void()>& load);
    /// To be called before the instrument plays, which may move parameters.
    void forget() { before_.reset(); }

 private:
    struct Taken {
        std::uint64_t bytes, state;
        bool operator==(const Taken&) const = default;
    };

    std::optional<std::uint64_t> before_;  // while it is still true
    std::optional<Taken> taken_;           // by the last load that changed the state
};

/// An open file for the audio.
struct OutputFile {
    Descriptor fd = {};
    bool straight = false;  ///< as WholeFile::straight()
};

/// Runs the job and returns the fields of its result as a JSON object: status, frames, channels,
/// peak and so on; "unchanged" is among them if the preset changed nothing, which is an Error
/// preset-rejected if the job requires a change. The phases are noted on the board. The file is
/// opened when the preset is loaded; giving it its name is the caller's. Throws Error.
[[nodiscard]] std::string run_job(Instrument& instrument, StateWatch& state, const RenderJob& job,
                                  SharedBoard& board,
                                  const std::function<OutputFile()>& open_output);

/// Plays what the fields of probe say (host_process.h has them). The result's fields are status,
/// audio_hash and thread_ms.
[[nodiscard]] std::string run_probe(Instrument& instrument, StateWatch& state,
                                    const BlockSettings& settings, SharedBoard& board,
                                    const Record& probe);

/// Only loads the job's preset or state. The result's fields are status and thread_ms.
[[nodiscard]] std::string run_load(Instrument& instrument, StateWatch& state, const RenderJob& job);

}  // namespace patchpipe
