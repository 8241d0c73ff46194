// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/job_runner.h"

#include <chrono>

#include "audio/measures.h"
#include "audio/meter.h"
#include "base/json.h"
#include "base/real_time.h"
#include "base/write.h"
#include "job/apply_parameters.h"
#include "job/job_audio.h"
#include "job/job_score.h"
#include "job/rendered_file.h"
#include "render/chain.h"
#include "render/programs.h"
#include "render/score.h"
#include "shown/clock.h"
#include "shown/threads.h"

namespace patchpipe {
namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

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
struct RenderedSound {
    bool changed;                              // false if the preset was ignored
    std::string taken = {}, chain_taken = {};  // what the parameters are that were set
    int latency = 0;                           // frames
};

void take_parameters(RenderedSound& sound, Processor& processor, const RenderJob& job) {
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
                       const RenderedSound& sound) {
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

void render_quietly(Processor& processor, const Score& score, const BlockSettings& settings) {
    render(processor, score, settings, {.before_block = show_transport});
}

Record run_job(Processor& processor, StateWatches& states, const RenderJob& job, Asker& asker) {
    const auto start = RealClock::now();
    RenderedSound sound{.changed = load_sounds(processor, states, job, asker)};
    if (job.saves_preset) return save_preset(processor, job, sound.changed, asker);
    take_parameters(sound, processor, job);
    const auto score = job_score(job, processor, asker);
    const auto loaded = RealClock::now();

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
    const auto rendered = RealClock::now();
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
        (void)load_preset(processor, states.front(), *preset, asker.take_input(sound_role_of(0)),
                          {});
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
    (void)load_sounds(processor, states, job, asker);
    for (auto& state : states) state.forget();
    Record fields("{\"status\":\"ok\"}");
    fields.set("thread_ms", in_milliseconds(time_of_plugin_threads() - before));
    return fields;
}

}  // namespace patchpipe
