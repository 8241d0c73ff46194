// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/job_runner.h"

#include <xxhash.h>
#include <chrono>
#include <cmath>

#include "audio/audio_writer.h"
#include "audio/meter.h"
#include "base/json.h"
#include "base/real_time.h"
#include "catalog/detect.h"
#include "file/read_file.h"
#include "job/rendered_file.h"
#include "render/render.h"
#include "render/score.h"
#include "serum/serum.h"
#include "shown/threads.h"

namespace patchpipe {
namespace {

using Clock = RealClock;  // the plug-in is shown another
using Milliseconds = std::chrono::duration<double, std::milli>;

// Serum's, with samples in them, are the largest.
constexpr std::size_t largest_preset = largest_serum_file;

std::uint64_t hash_of(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

// True if the plug-in took over something: a preset that it ignores sounds like the one before.
bool load_file(Instrument& instrument, StateWatch& state, const std::string& path, bool is_state) {
    const auto bytes = read_file(path, largest_preset);
    return state.changed_by(instrument, bytes, [&] {
        if (is_state)
            instrument.load_state(path, bytes);
        else
            instrument.load_preset(detect_preset_format(bytes), path, bytes);
        instrument.settle();
    });
}

bool load(Instrument& instrument, StateWatch& state, const RenderJob& job) {
    const auto& path = job.state_path ? job.state_path : job.preset_path;
    if (!path) return true;
    const bool changed = load_file(instrument, state, *path, job.state_path.has_value());
    if (!changed && job.require_change)
        throw Error(ErrorKind::preset_rejected, *path,
                    "changed nothing in " + instrument.info().name +
                        ": it is the initial sound, or the plug-in ignored it");
    return changed;
}

// The sound goes through the plug-in's own save and load, as it would in a preset.
void load_program(Instrument& instrument, int program) {
    instrument.select_program(program);
    instrument.settle();
    instrument.load_saved(instrument.save());
    instrument.settle();
}

// A state that differs from the initial one, and is loaded from there.
void load_moved(Instrument& instrument) {
    const auto initial = instrument.save();
    instrument.move_parameters();
    instrument.settle();
    const auto moved = instrument.save();
    for (const auto& bytes : {initial, moved}) {
        instrument.load_saved(bytes);
        instrument.settle();
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

// Milliseconds to the microsecond: what is below is noise.
std::string milliseconds(Milliseconds time) {
    return json_number(std::round(time.count() * 1000) / 1000);
}

void check_finite(const Meter& meter, const Instrument& instrument) {
    if (meter.non_finite_samples() == 0) return;
    throw Error(ErrorKind::non_finite, instrument.info().name,
                "gave " + std::to_string(meter.non_finite_samples()) +
                    " samples that are not numbers (NaN or infinite); no file was written");
}

}  // namespace

StateWatch::StateWatch(Instrument& instrument) : before_(hash_of(instrument.state())) {}

bool StateWatch::changed_by(Instrument& instrument, std::string_view bytes,
                            const std::function<void()>& load) {
    const auto before = before_ ? *before_ : hash_of(instrument.state());
    before_.reset();  // the load may throw half way
    load();
    const Taken now{hash_of(bytes), hash_of(instrument.state())};
    if (now.state == before) return taken_ == now;
    taken_ = now;
    return true;
}

std::string run_job(Instrument& instrument, StateWatch& state, const RenderJob& job,
                    SharedBoard& board, const std::function<OutputFile()>& open_output) {
    const auto start = Clock::now();
    board->phase = Phase::loading_preset;
    const bool changed = load(instrument, state, job);
    const auto score = score_of(job);
    const auto loaded = Clock::now();

    board->phase = Phase::rendering;
    state.forget();
    const int channels = instrument.channels();
    const auto file = open_output();
    AudioWriter writer(file.fd.get(), file.straight ? Medium::stream : Medium::file,
                       {.container = job.container,
                        .depth = job.depth,
                        .channels = channels,
                        .sample_rate = job.sample_rate,
                        .frames = score.frames,
                        .comment = job.provenance,
                        .comment_room = note_room(job.provenance, instrument.info().name)},
                       job.output_path);
    Meter meter;
    Milliseconds writing{0};
    const auto sink = [&](std::span<const float> samples) {
        const auto before = Clock::now();
        meter.add(samples);
        board->phase = Phase::writing;
        writer.write(samples);
        board->phase = Phase::rendering;
        writing += Clock::now() - before;
    };
    const int latency = render(instrument, score, {job.sample_rate, job.block_size}, sink);
    const auto rendered = Clock::now();

    board->phase = Phase::finishing;
    check_finite(meter, instrument);
    Record result("{}");
    result.set("frames", json_number(score.frames));
    result.set("channels", json_number(std::int64_t{channels}));
    set_measures(result, meter, job.depth);
    result.set("latency_frames", json_number(std::int64_t{latency}));
    if (!changed) result.set("unchanged", "true");
    if (!job.repeatable || instrument.is_restless()) result.set("repeatable", "false");
    result.set("plugin", json_text(instrument.info().name));
    writer.close([&](const FileBody& body) { return render_note(job.provenance, result, body); });

    Record fields("{\"status\":\"ok\"}");
    fields.set_all(result);
    fields.set("load_ms", milliseconds(loaded - start));
    fields.set("render_ms", milliseconds(rendered - loaded - writing));
    fields.set("write_ms", milliseconds(writing + (Clock::now() - rendered)));
    return fields.line();
}

std::string run_probe(Instrument& instrument, StateWatch& state, const BlockSettings& settings,
                      SharedBoard& board, const Record& probe) {
    const auto before = time_of_plugin_threads();
    if (const auto program = probe.integer("program"))
        load_program(instrument, static_cast<int>(*program));
    if (const auto preset = probe.text("preset_path"))
        (void)load_file(instrument, state, *preset, false);
    if (probe.flag("moved").value_or(false)) load_moved(instrument);
    const Milliseconds thread_time = time_of_plugin_threads() - before;
    board->phase = Phase::rendering;
    state.forget();
    Meter meter;
    render(instrument, score_of_probe(probe, settings.sample_rate), settings,
           [&](std::span<const float> samples) { meter.add(samples); });
    Record fields("{\"status\":\"ok\"}");
    fields.set("audio_hash", json_text(meter.audio_hash()));
    fields.set("thread_ms", milliseconds(thread_time));
    return fields.line();
}

std::string run_load(Instrument& instrument, StateWatch& state, const RenderJob& job) {
    const auto before = time_of_plugin_threads();
    (void)load(instrument, state, job);
    state.forget();
    Record fields("{\"status\":\"ok\"}");
    fields.set("thread_ms", milliseconds(time_of_plugin_threads() - before));
    return fields.line();
}

}  // namespace patchpipe
