// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/job_runner.h"

#include <xxhash.h>
#include <chrono>

#include "audio/audio_input.h"
#include "audio/measures.h"
#include "audio/meter.h"
#include "base/json.h"
#include "base/real_time.h"
#include "base/write.h"
#include "catalog/preset_file.h"
#include "file/read_file.h"
#include "job/apply_parameters.h"
#include "job/job_audio.h"
#include "job/rendered_file.h"
#include "job/select_program.h"
#include "render/chain.h"
#include "render/patch.h"
#include "render/programs.h"
#include "render/score.h"
#include "serum/serum.h"
#include "shown/clock.h"
#include "shown/threads.h"

namespace patchpipe {
namespace {

using Clock = RealClock;  // plug-ins see another clock
using Milliseconds = std::chrono::duration<double, std::milli>;

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

// Each returns false if the plug-in ignored the file, and so sounds as it did before.
bool load_state(Processor& processor, StateWatch& state, const std::string& path,
                const std::optional<RawState>& raw) {
    const auto bytes = read_file(path, largest_preset);
    auto& patch = patch_of(processor, path);
    return state.changed_by(processor, bytes, [&] {
        if (raw)
            patch.load_raw_state(bytes, path, *raw);
        else
            patch.load_state(bytes, path);
        processor.settle();
    });
}

bool load_preset(Processor& processor, StateWatch& state, const std::string& path,
                 const PresetChoice& choice) {
    const auto preset = read_preset_file(path, choice);
    auto& patch = patch_of(processor, path);
    return state.changed_by(processor, preset.bytes, [&] {
        patch.load_preset(preset.bytes, path, preset.format);
        processor.settle();
        if (preset.program) select_program(processor, *preset.program, path);
    });
}

// What a job, or a link of its chain, sets its plug-in to, but for the parameters.
template <typename Settings>
bool load_sound(Processor& processor, StateWatch& state, const Settings& settings,
                bool require_change) {
    const auto& path = settings.state_path ? settings.state_path : settings.preset_path;
    if (!path) {
        if (!settings.program) return true;
        state.forget();
        select_program(processor, *settings.program, processor.info().name);
        return true;  // the first program is the initial sound
    }
    const bool changed = settings.state_path
                             ? load_state(processor, state, *path, settings.raw_state)
                             : load_preset(processor, state, *path, preset_choice(settings));
    if (!changed && require_change)
        throw Error(ErrorKind::preset_rejected, *path,
                    "changed nothing in " + processor.info().name +
                        ": it is the initial sound, or the plug-in ignored it");
    return changed;
}

std::vector<Processor*> links_of(Processor& processor) {
    auto* chain = processor.chain();
    if (!chain) return {&processor};
    std::vector<Processor*> links;
    for (std::size_t i = 0; i < chain->size(); ++i) links.push_back(&chain->link(i));
    return links;
}

// The index of the job's first link: 1 behind a plug-in of the job itself, else 0.
std::size_t first_link(Processor& processor, const RenderJob& job) {
    return links_of(processor).size() - job.chain.size();
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
               const Settings& settings, bool require_change, Asker& asker) {
    auto& link = *links_of(processor)[index];
    asker.note("loading the preset" + of_link(processor, index));
    const bool changed = load_sound(link, states[index], settings, require_change);
    if (settings.parameters.empty()) return changed;
    asker.note("setting the parameters" + of_link(processor, index));
    set_parameters(link, settings.parameters);
    return changed;
}

void begin_chain(Chain& chain, const RenderJob& job, std::size_t first, Asker& asker) {
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

// Makes the sound of the job, up to the first note. Returns false if a preset was ignored.
bool load(Processor& processor, StateWatches& states, const RenderJob& job, Asker& asker) {
    const auto first = first_link(processor, job);
    if (first == 0 && !(job.parameters.empty() && job.automation.empty()))
        throw Error(ErrorKind::bad_record, job.parameters.empty() ? "automation" : "parameters",
                    "has no plug-in to go to: write it into the link of the chain that it is for");
    bool changed = first == 0 || load_link(processor, states, 0, job, job.require_change, asker);
    for (std::size_t i = 0; i < job.chain.size(); ++i)
        changed =
            load_link(processor, states, first + i, job.chain[i], job.require_change, asker) &&
            changed;
    if (auto* chain = processor.chain()) begin_chain(*chain, job, first, asker);
    return changed;
}

// The sound goes through the plug-in's own save and load, as it would in a preset.
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

// A state that differs from the initial one, and is loaded from there.
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

Score events_of(const RenderJob& job) {
    if (job.midi_path)
        return song_score(read_midi_file(*job.midi_path), job.midi_duration, job.tail,
                          job.sample_rate);
    Score score;
    if (!job.input_path)
        score = note_score({job.note, job.velocity, job.duration}, job.tail, job.sample_rate);
    const auto [numerator, denominator] = job.time_signature;
    score.time_map = steady_time(job.tempo, numerator, denominator);
    return score;
}

std::vector<Automation> automation_in(Processor& processor, const RenderJob& job) {
    const auto links = links_of(processor);
    const auto first = first_link(processor, job);
    auto automation = automation_of(*links.front(), job.automation, job.sample_rate);
    for (std::size_t i = 0; i < job.chain.size(); ++i)
        for (auto& lane :
             automation_of(*links[first + i], job.chain[i].automation, job.sample_rate)) {
            lane.parameter += processor.chain()->first_parameter(first + i);
            lane.delay = processor.chain()->latency_before(first + i);
            automation.push_back(std::move(lane));
        }
    return automation;
}

Score score_of(const RenderJob& job, Processor& processor, Asker& asker) {
    auto score = events_of(job);
    score.automation = automation_in(processor, job);
    score.control_interval = job.control_interval;
    if (!job.input_path) return score;
    score.frames = frame_at(job.length(), job.sample_rate);
    const auto& listener = *links_of(processor).front();
    const auto input = std::make_shared<AudioInput>(
        std::make_unique<AudioReader>(asker.open_input(), *job.input_path), job.sample_rate,
        listener.info().inputs, *job.input_path, listener.info().name);
    score.audio = [input](auto channels, int frames) { input->read(channels, frames); };
    return score;
}

Score score_of_probe(const Record& probe, int sample_rate) {
    const auto note = probe.integer("note");
    if (!note) return probe_score(sample_rate);
    const auto velocity = static_cast<int>(*probe.integer("velocity"));
    constexpr double duration = 0.3, tail = 0.2;
    return note_score({static_cast<int>(*note), velocity, duration}, tail, sample_rate);
}

// The clock that the plug-in is shown.
void show_transport(const Transport& transport) { set_host_clock(transport.seconds); }

void check_finite(const Meter& meter, Processor& processor) {
    if (meter.non_finite_samples() == 0) return;
    auto* chain = processor.chain();
    const bool known = chain && chain->first_not_finite() < chain->size();
    throw Error(ErrorKind::non_finite,
                known ? chain->name_of(chain->first_not_finite()) : processor.info().name,
                "gave " + std::to_string(meter.non_finite_samples()) +
                    " samples that are not numbers (NaN or infinite); no file was written");
}

// What is known of the sound besides its samples.
struct Sound {
    bool changed;                              // false if the preset was ignored
    std::string taken = {}, chain_taken = {};  // what the parameters are that were set
    int latency = 0;                           // frames
};

void take_parameters(Sound& sound, Processor& processor, const RenderJob& job) {
    const auto links = links_of(processor);
    if (!job.parameters.empty()) sound.taken = taken_json(*links.front(), job.parameters);
    bool any = false;
    for (std::size_t i = 0; i < job.chain.size(); ++i) {
        const auto& parameters = job.chain[i].parameters;
        any = any || !parameters.empty();
        sound.chain_taken +=
            (i > 0 ? "," : "[") + taken_json(*links[first_link(processor, job) + i], parameters);
    }
    sound.chain_taken = any ? sound.chain_taken + "]" : "";
}

// Where a tail that is "auto" ended, and whether it died away or was cut.
void set_tail(Record& result, const RenderJob& job, const JobAudio& audio) {
    const auto frames = audio.format().frames;
    const auto begin = frame_at(job.length() - job.tail, job.sample_rate);
    result.set("tail_seconds", static_cast<double>(frames - begin) / job.sample_rate);
    result.set("tail_ended", audio.ended());
}

// What is the same whenever the job is rendered: it goes into the file's note too.
Record measured_result(const RenderJob& job, const Processor& processor, const JobAudio& audio,
                       const Sound& sound) {
    Record result("{}");
    result.set("frames", audio.format().frames);
    result.set("channels", audio.format().channels);
    set_measures(result, audio.meter(), job.depth);
    if (job.auto_tail) set_tail(result, job, audio);
    result.set("latency_frames", sound.latency);
    if (!sound.changed) result.set("unchanged", true);
    if (!sound.taken.empty()) result.set_json("parameters_taken", sound.taken);
    if (!sound.chain_taken.empty()) result.set_json("chain_taken", sound.chain_taken);
    if (!job.repeatable || processor.is_restless()) result.set("repeatable", false);
    result.set("plugin", processor.info().name);
    return result;
}

// The present sound as a preset of the plug-in's own format.
Record save_preset(Processor& processor, const RenderJob& job, bool changed, Asker& asker) {
    asker.note("saving the preset");
    auto* programs = processor.programs();
    if (!programs)
        throw Error(ErrorKind::unsupported, processor.info().name, "has no presets to be saved");
    const auto bytes = programs->save_preset(job.preset_name);
    if (bytes.empty())
        throw Error(ErrorKind::preset_rejected, processor.info().name, "gave no preset");
    const auto file = asker.open_output();
    if (const int failure = try_write_all(file.fd.get(), bytes))
        throw Error(ErrorKind::io, job.output_path, system_message(failure));
    Record fields("{\"status\":\"ok\"}");
    if (!changed) fields.set("unchanged", true);
    fields.set("plugin", processor.info().name);
    return fields;
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

void render_quietly(Processor& processor, const Score& score, const BlockSettings& settings) {
    render(processor, score, settings, {.before_block = show_transport});
}

Record run_job(Processor& processor, StateWatches& states, const RenderJob& job, Asker& asker) {
    const auto start = Clock::now();
    Sound sound{.changed = load(processor, states, job, asker)};
    if (job.saves_preset) return save_preset(processor, job, sound.changed, asker);
    take_parameters(sound, processor, job);
    const auto score = score_of(job, processor, asker);
    const auto loaded = Clock::now();

    asker.note("rendering");
    for (auto& state : states) state.forget();
    const auto room = note_room(job.provenance, processor.info().name) + sound.taken.size() +
                      sound.chain_taken.size();
    JobAudio audio(job, processor, score.frames, room, asker);
    sound.latency = render(processor, score, {job.sample_rate, job.block_size},
                           {.samples = [&](auto samples) { audio.add(samples); },
                            .before_block = show_transport,
                            .ended = [&] { return audio.ended(); }});
    audio.finish();
    const auto rendered = Clock::now();
    const auto rendering = rendered - loaded - audio.time();

    asker.note("finishing the file");
    check_finite(audio.meter(), processor);
    const auto result = measured_result(job, processor, audio, sound);
    audio.close([&](const FileBody& body) { return render_note(job.provenance, result, body); });

    Record fields("{\"status\":\"ok\"}");
    fields.set_all(result);
    fields.set("load_ms", in_milliseconds(loaded - start));
    fields.set("render_ms", in_milliseconds(rendering));
    fields.set("write_ms", in_milliseconds(audio.time()));
    return fields;
}

Record run_probe(Processor& processor, StateWatches& states, const BlockSettings& settings,
                 Asker& asker, const Record& probe) {
    asker.note("loading the preset");
    const auto before = time_of_plugin_threads();
    if (const auto program = probe.integer("program"))
        load_program(processor, static_cast<int>(*program));
    if (const auto preset = probe.text("preset_path"))
        (void)load_preset(processor, states.front(), *preset,
                          {probe.text("preset_uri").value_or(""), {}});
    if (probe.flag("moved").value_or(false))
        for (auto* link : links_of(processor)) load_moved(*link);
    const Milliseconds thread_time = time_of_plugin_threads() - before;
    asker.note("rendering");
    for (auto& state : states) state.forget();
    Meter meter;
    render(processor, score_of_probe(probe, settings.sample_rate), settings,
           {.samples = [&](std::span<const float> samples) { meter.add(samples); },
            .before_block = show_transport});
    Record fields("{\"status\":\"ok\"}");
    fields.set("audio_hash", meter.audio_hash());
    fields.set("thread_ms", in_milliseconds(thread_time));
    return fields;
}

Record run_load(Processor& processor, StateWatches& states, const RenderJob& job, Asker& asker) {
    const auto before = time_of_plugin_threads();
    (void)load(processor, states, job, asker);
    for (auto& state : states) state.forget();
    Record fields("{\"status\":\"ok\"}");
    fields.set("thread_ms", in_milliseconds(time_of_plugin_threads() - before));
    return fields;
}

}  // namespace patchpipe
