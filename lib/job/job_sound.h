// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a job's plug-ins are set to before they play: presets, states, programs, parameters. Not
// here: playing (job_runner.h).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "isolation/handler.h"
#include "job/render_job.h"
#include "record/program_choice.h"
#include "render/chain.h"

namespace patchpipe {

/// Tells by the hash of a plug-in's state whether loading a preset did anything.
class StateWatch {
 public:
    /// Takes the hash once, for the first load; in a snapshot that is the load of every child.
    explicit StateWatch(Processor& processor);

    /// Runs load, which gives these bytes to the processor. True if the state
    /// differs from the one just before, or if an earlier load of the same bytes had made it so.
    [[nodiscard]] bool changed_by(Processor& processor, std::string_view bytes,
                                  const std::function<void()>& load);
    /// To be called before the processor plays, which may move parameters.
    void forget() { before_.reset(); }

 private:
    struct Taken {
        std::uint64_t bytes, state;
        bool operator==(const Taken&) const = default;
    };

    std::optional<std::uint64_t> before_;  // while it is still true
    std::optional<Taken> taken_;           // by the last load that changed the state
};

/// One for each link of a chain; a single one for any other processor.
using StateWatches = std::vector<StateWatch>;
[[nodiscard]] StateWatches watch_states(Processor& processor);

/// The links of a chain, or the processor alone.
[[nodiscard]] std::vector<Processor*> links_of(Processor& processor);

/// The index of the first link of the job's chain: 1 behind a plug-in of the job itself, else 0.
[[nodiscard]] std::size_t first_link(Processor& processor, const RenderJob& job);

/// The role of the file with the sound of the job itself, 0, or of a link of its chain, from 1.
[[nodiscard]] std::string sound_role_of(std::size_t link);

/// Loads a preset, as open_preset_file() opened it: program is the one of a bank. path is for
/// messages. Returns false if the plug-in ignored it, and so sounds as it did before.
/// Throws Error.
bool load_preset(Processor& processor, StateWatch& state, const std::string& path,
                 const InputFile& file, const std::optional<ProgramChoice>& program);

/// Returns what `call` returns. The Error that it throws then begins with the link's name, if the
/// processor is a chain.
template <typename Call>
auto naming_link(Processor& processor, std::size_t link, Call call) {
    try {
        return call();
    } catch (const Error& error) {
        auto* chain = processor.chain();
        if (!chain) throw;
        throw Error(error.kind(), chain->name_of(link), error.what());
    }
}

/// Sets every link to what the job wants, up to the first note. Returns false if a preset was
/// ignored, which is an Error preset-rejected if the job requires a change. Throws Error.
bool load_sounds(Processor& processor, StateWatches& states, const RenderJob& job, Asker& asker);

/// Selects a program, whose sound then goes through the plug-in's own save and load, as it would in
/// a preset.
void load_program(Processor& processor, int program);

/// Loads a state that differs from the initial one, from there.
void load_moved(Processor& processor);

}  // namespace patchpipe
