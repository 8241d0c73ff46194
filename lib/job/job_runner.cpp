// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/job_runner.h"

#include <xxhash.h>
#include <chrono>

#include "audio/audio_writer.h"
#include "audio/measures.h"
#include "audio/meter.h"
#include "base/json.h"
#include "base/real_time.h"
#include "catalog/detect.h"
#include "file/read_file.h"
#include "job/rendered_file.h"
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

// Returns false if the plug-in ignored the preset, which then sounds like the one before.
bool load_file(Processor& processor, StateWatch& state, const std::string& path, bool is_state) {
    const auto bytes = read_file(path, largest_preset);
    auto& patch = patch_of(processor, path);
    return state.changed_by(processor, bytes, [&] {
        if (is_state)
            patch.load_state(bytes, path);
        else
            patch.load_preset(bytes, path, detect_preset_format(bytes));
        processor.settle();
    });
}

bool load(Processor& processor, StateWatch& state, const RenderJob& job) {
    const auto& path = job.state_path ? job.state_path : job.preset_path;
    if (!path) return true;
    const bool changed = load_file(processor, state, *path, job.state_path.has_value());
    if (!changed && job.require_change)
        throw Error(ErrorKind::preset_rejected, *path,
                    "changed nothing in " + processor.info().name +
                        ": it is the initial sound, or the plug-in ignored it");
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

Score score_of(const RenderJob& job) {
    if (!job.midi_path)
        return note_score({job.note, job.velocity, job.duration}, job.tail, job.sample_rate);
    return song_score(read_midi_file(*job.midi_path), job.midi_duration, job.tail, job.sample_rate);
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

void check_finite(const Meter& meter, const Processor& processor) {
    if (meter.non_finite_samples() == 0) return;
    throw Error(ErrorKind::non_finite, processor.info().name,
                "gave " + std::to_string(meter.non_finite_samples()) +
                    " samples that are not numbers (NaN or infinite); no file was written");
}

AudioFormat format_of(const RenderJob& job, const Processor& processor, const Score& score) {
    return {.container = job.container,
            .depth = job.depth,
            .channels = processor.channels(),
            .sample_rate = job.sample_rate,
            .frames = score.frames,
            .comment = job.provenance,
            .comment_room = note_room(job.provenance, processor.info().name)};
}

// What is the same whenever the job is rendered: it goes into the file's note too.
Record measured_result(const RenderJob& job, const Processor& processor, const AudioFormat& format,
                       const Meter& meter, int latency, bool changed) {
    Record result("{}");
    result.set("frames", format.frames);
    result.set("channels", format.channels);
    set_measures(result, meter, job.depth);
    result.set("latency_frames", latency);
    if (!changed) result.set("unchanged", true);
    if (!job.repeatable || processor.is_restless()) result.set("repeatable", false);
    result.set("plugin", processor.info().name);
    return result;
}

}  // namespace

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

Record run_job(Processor& processor, StateWatch& state, const RenderJob& job, Asker& asker) {
    const auto start = Clock::now();
    asker.note("loading the preset");
    const bool changed = load(processor, state, job);
    const auto score = score_of(job);
    const auto loaded = Clock::now();

    asker.note("rendering");
    state.forget();
    const auto format = format_of(job, processor, score);
    const auto file = asker.open_output();
    AudioWriter writer(file.fd.get(), file.straight ? Medium::stream : Medium::file, format,
                       job.output_path);
    Meter meter;
    Milliseconds writing{0};
    const auto take = [&](std::span<const float> samples) {
        const auto before = Clock::now();
        meter.add(samples);
        asker.note("writing the audio");
        writer.write(samples);
        asker.note("rendering");
        writing += Clock::now() - before;
    };
    const int latency = render(processor, score, {job.sample_rate, job.block_size},
                               {.samples = take, .before_block = show_transport});
    const auto rendered = Clock::now();

    asker.note("finishing the file");
    check_finite(meter, processor);
    const auto result = measured_result(job, processor, format, meter, latency, changed);
    writer.close([&](const FileBody& body) { return render_note(job.provenance, result, body); });

    Record fields("{\"status\":\"ok\"}");
    fields.set_all(result);
    fields.set("load_ms", in_milliseconds(loaded - start));
    fields.set("render_ms", in_milliseconds(rendered - loaded - writing));
    fields.set("write_ms", in_milliseconds(writing + (Clock::now() - rendered)));
    return fields;
}

Record run_probe(Processor& processor, StateWatch& state, const BlockSettings& settings,
                 Asker& asker, const Record& probe) {
    asker.note("loading the preset");
    const auto before = time_of_plugin_threads();
    if (const auto program = probe.integer("program"))
        load_program(processor, static_cast<int>(*program));
    if (const auto preset = probe.text("preset_path"))
        (void)load_file(processor, state, *preset, false);
    if (probe.flag("moved").value_or(false)) load_moved(processor);
    const Milliseconds thread_time = time_of_plugin_threads() - before;
    asker.note("rendering");
    state.forget();
    Meter meter;
    render(processor, score_of_probe(probe, settings.sample_rate), settings,
           {.samples = [&](std::span<const float> samples) { meter.add(samples); },
            .before_block = show_transport});
    Record fields("{\"status\":\"ok\"}");
    fields.set("audio_hash", meter.audio_hash());
    fields.set("thread_ms", in_milliseconds(thread_time));
    return fields;
}

Record run_load(Processor& processor, StateWatch& state, const RenderJob& job, Asker& asker) {
    asker.note("loading the preset");
    const auto before = time_of_plugin_threads();
    (void)load(processor, state, job);
    state.forget();
    Record fields("{\"status\":\"ok\"}");
    fields.set("thread_ms", in_milliseconds(time_of_plugin_threads() - before));
    return fields;
}

}  // namespace patchpipe
