// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/job_sound.h"

#include <xxhash.h>

#include "base/error.h"
#include "catalog/detect.h"
#include "file/offset.h"
#include "job/apply_parameters.h"
#include "job/plugin_requests.h"
#include "job/select_program.h"
#include "render/chain.h"
#include "render/patch.h"
#include "render/programs.h"
#include "serum/serum.h"

namespace patchpipe {
namespace {

// Serum's, with samples in them, are the largest.
constexpr std::size_t largest_preset = largest_serum_file;

std::uint64_t hash_of(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

// Identifies the present sound. All processors without presets have the same hash.
std::uint64_t state_hash(Processor& processor) {
    auto* patch = processor.patch();
    return hash_of(patch ? patch->state() : "");
}

Patch& patch_of(Processor& processor, const std::string& path) {
    if (auto* patch = processor.patch()) return *patch;
    throw Error(ErrorKind::wrong_plugin, path,
                "cannot be loaded: " + processor.info().name + " takes no presets or states");
}

// Returns false if the plug-in ignored the file, and so sounds as it did before.
bool load_state(Processor& processor, StateWatch& state, const std::string& path,
                const InputFile& file, const std::optional<RawState>& raw) {
    const auto bytes = read_all_of(file.fd.get(), largest_preset, path);
    auto& patch = patch_of(processor, path);
    return state.changed_by(processor, bytes, [&] {
        if (raw)
            patch.load_raw_state(bytes, path, *raw);
        else
            patch.load_state(bytes, path);
        processor.settle();
    });
}

// What a job, or a link of its chain, sets its plug-in to, but for the parameters.
template <typename Settings>
bool load_sound(Processor& processor, StateWatch& state, const Settings& settings,
                const std::string& role, bool require_change, Asker& asker) {
    const auto& path = settings.state_path ? settings.state_path : settings.preset_path;
    if (!path) {
        if (!settings.program) return true;
        state.forget();
        select_program(processor, *settings.program, processor.info().name);
        return true;  // the first program is the initial sound
    }
    const auto file = asker.take_input(role);
    const bool changed = settings.state_path
                             ? load_state(processor, state, *path, file, settings.raw_state)
                             : load_preset(processor, state, *path, file, settings.program);
    if (!changed && require_change)
        throw Error(ErrorKind::preset_rejected, *path,
                    "changed nothing in " + processor.info().name +
                        ": it is the initial sound, or the plug-in ignored it");
    return changed;
}

// A fault in it names the link.
std::string of_link(Processor& processor, std::size_t link) {
    auto* chain = processor.chain();
    return chain ? " of " + chain->name_of(link) : "";
}

// Sets one of the processor's links to what the job, or a link of its chain, wants. Returns false
// if its preset was ignored.
template <typename Settings>
bool load_link(Processor& processor, StateWatches& states, std::size_t index,
               const Settings& settings, const std::string& role, bool require_change,
               Asker& asker) {
    auto& link = *links_of(processor)[index];
    asker.note("loading the preset" + of_link(processor, index));
    const bool changed = load_sound(link, states[index], settings, role, require_change, asker);
    if (settings.parameters.empty()) return changed;
    asker.note("setting the parameters" + of_link(processor, index));
    set_parameters(link, settings.parameters);
    return changed;
}

void begin_chain(Chain& chain, const RenderJob& job, std::size_t first, Asker& asker) {
    chain.set_track(job.track_channels);
    for (std::size_t i = 0; i < chain.size(); ++i)
        chain.set_mix(i, i < first
                             ? LinkMix{}
                             : LinkMix{job.chain[i - first].wet, job.chain[i - first].bypass});
    chain.check_channels();
    std::vector<std::string> notes;
    for (std::size_t i = 0; i < chain.size(); ++i)
        notes.push_back("rendering with " + chain.name_of(i));
    chain.set_before_link([notes, &asker](std::size_t link) { asker.note(notes[link]); });
}

}  // namespace

StateWatches watch_states(Processor& processor) {
    StateWatches states;
    for (auto* link : links_of(processor)) states.emplace_back(*link);
    return states;
}

StateWatch::StateWatch(Processor& processor) : before_(state_hash(processor)) {}

bool StateWatch::changed_by(Processor& processor, std::string_view bytes,
                            const std::function<void()>& load) {
    const auto before = before_ ? *before_ : state_hash(processor);
    before_.reset();  // the load may throw half way
    load();
    const Taken now{hash_of(bytes), state_hash(processor)};
    if (now.state == before) return taken_ == now;
    taken_ = now;
    return true;
}

std::vector<Processor*> links_of(Processor& processor) {
    auto* chain = processor.chain();
    if (!chain) return {&processor};
    std::vector<Processor*> links;
    for (std::size_t i = 0; i < chain->size(); ++i) links.push_back(&chain->link(i));
    return links;
}

std::size_t first_link(Processor& processor, const RenderJob& job) {
    return links_of(processor).size() - job.chain.size();
}

std::string sound_role_of(std::size_t link) {
    return std::string(sound_role) + std::to_string(link);
}

bool load_preset(Processor& processor, StateWatch& state, const std::string& path,
                 const InputFile& file, const std::optional<ProgramChoice>& program) {
    const auto bytes = read_all_of(file.fd.get(), largest_preset, path);
    auto& patch = patch_of(processor, path);
    return state.changed_by(processor, bytes, [&] {
        patch.load_preset(bytes, path, file.format);
        processor.settle();
        const bool whole_bank = file.format == "fxb" && detect_preset_format(bytes) == "fxb";
        if (whole_bank && program) select_program(processor, *program, path);
    });
}

bool load_sounds(Processor& processor, StateWatches& states, const RenderJob& job, Asker& asker) {
    const auto first = first_link(processor, job);
    if (first == 0 && !(job.parameters.empty() && job.automation.empty()))
        throw Error(ErrorKind::bad_record, job.parameters.empty() ? "automation" : "parameters",
                    "has no plug-in to go to: write it into the link of the chain that it is for");
    const auto load = [&](std::size_t link, const auto& settings, std::size_t file) {
        return naming_link(processor, link, [&] {
            return load_link(processor, states, link, settings, sound_role_of(file),
                             job.require_change, asker);
        });
    };
    bool changed = first == 0 || load(0, job, 0);
    for (std::size_t i = 0; i < job.chain.size(); ++i)
        changed = load(first + i, job.chain[i], i + 1) && changed;
    if (auto* chain = processor.chain()) begin_chain(*chain, job, first, asker);
    return changed;
}

void load_program(Processor& processor, int program) {
    auto* programs = processor.programs();
    if (!programs) return;
    programs->select(program);
    processor.settle();
    auto* patch = processor.patch();
    if (!patch) return;
    patch->load_saved(patch->save());
    processor.settle();
}

void load_moved(Processor& processor) {
    auto* patch = processor.patch();
    if (!patch) return;
    const auto initial = patch->save();
    patch->move_parameters();
    processor.settle();
    const auto moved = patch->save();
    for (const auto& bytes : {initial, moved}) {
        patch->load_saved(bytes);
        processor.settle();
    }
}

}  // namespace patchpipe
