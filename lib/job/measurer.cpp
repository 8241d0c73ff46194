// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/measurer.h"

#include <algorithm>
#include <iterator>

#include "audio/npy_header.h"
#include "base/error.h"
#include "base/json.h"
#include "file/whole_file.h"
#include "job/sandbox_options.h"
#include "names/sanitise.h"
#include "plugin/dsp_operand.h"

namespace patchpipe {
namespace {

// What is played, and what becomes of it: a measurement has its own.
constexpr const char* played[] = {"midi_path",  "midi_duration", "input_path",    "sidechain_path",
                                  "automation", "output_path",   "format",        "bit_depth",
                                  "quality",    "bitrate",       "skip_existing", "audio_tags"};

// An array with a row for each of the rows.
std::string npy_of(const Channels& rows) {
    const auto frames = rows.front().size();
    auto bytes = build_npy_header(static_cast<int>(rows.size()), static_cast<std::int64_t>(frames));
    bytes.reserve(bytes.size() + rows.size() * frames * sizeof(float));
    for (std::size_t i = 0; i < frames; ++i)
        for (const auto& row : rows)
            bytes.append(reinterpret_cast<const char*>(&row[i]), sizeof(float));
    return bytes;
}

bool is_precision(std::string_view option) {
    constexpr std::string_view names[] = {"-single", "--single-precision-floats", "-double",
                                          "--double-precision-floats"};
    return std::find(std::begin(names), std::end(names), option) != std::end(names);
}

// The plug-in for a run of Faust's test: a program with so many voices, which computes in double as
// the test has it unless its operand says what it computes in; any other plug-in as it is.
std::string plugin_for(FaustRun run, const std::string& plugin) {
    if (!is_dsp_operand(plugin) && !is_dsp_path(plugin)) return plugin;
    auto program = read_dsp_operand(plugin);
    program.voices = voices_of(run);
    program.impulse_test = true;
    const bool says_precision =
        std::any_of(program.compile_options.begin(), program.compile_options.end(), is_precision);
    if (program.path.ends_with(".dsp") && !says_precision)
        program.compile_options.emplace_back("-double");
    return dsp_operand(program);
}

}  // namespace

// A job as render-one has it, but for what is played.
Record Measurer::job_of(const Record& record) const {
    auto job = record;
    for (const auto* key : played) job.remove(key);
    job.set("output_path", "/dev/null");
    if (!job.raw("plugin_path") && !settings_.plugin.empty())
        job.set("plugin_path", settings_.plugin);
    if (settings_.sample_rate) job.set("sample_rate", *settings_.sample_rate);
    if (settings_.block_size) job.set("block_size", *settings_.block_size);
    return job;
}

// Whether an operand or an option names the record's plug-in, and not the record.
bool Measurer::is_named_by_user(const Record& record) const {
    return settings_.operands ||
           (!settings_.plugin.empty() && !record.raw("plugin_path") && !record.raw("chain"));
}

SignalPlayer Measurer::open(const Record& job, bool named_by_user) const {
    auto host = settings_.host;
    host.sandbox = sandbox_for(host.sandbox, named_by_user);
    try {
        return {host, job};
    } catch (const Error& error) {
        if (host.sandbox.mode == settings_.host.sandbox.mode) throw;
        throw Error(with_way_out(error));
    }
}

Record Measurer::other_job(const Record& record) const {
    if (settings_.against.starts_with('{') && !is_dsp_operand(settings_.against))
        return job_of(Record(settings_.against));
    auto other = record;
    other.set("plugin_path", settings_.against);
    return job_of(other);
}

std::string Measurer::folder_for(const Record& description) {
    const auto name =
        sanitised_or_hash(description.text("name").value_or(""), Alphabet::unicode, "plugin");
    return taken_.claim(settings_.folder + (settings_.folder == "/" ? "" : "/") + name, "");
}

void Measurer::measure(Record& record) {
    const auto job = job_of(record);
    auto player = open(job, is_named_by_user(record));
    outside_ = !player.sandboxed();
    const auto folder = settings_.folder.empty() ? "" : folder_for(player.description());
    Record files("{}");
    MeasuredRecord measured(player, settings_.signals, job,
                            [&](std::string_view name, const Channels& rows) {
                                if (folder.empty() || rows.empty()) return;
                                const auto path = folder + "/" + std::string(name) + ".npy";
                                write_whole_file(path, npy_of(rows));
                                files.set(name, path);
                            });
    measured.measure();
    if (!settings_.against.empty()) {
        auto other = open(other_job(record), true);
        measured.measure_against(other);
    }
    MeasuredRecord::forget(record);
    if (!record.raw("chain")) record.set("plugin_path", player.settings().plugin_path);
    record.set("sample_rate", player.settings().sample_rate);
    record.set("block_size", player.settings().block_size);
    record.set_all(measured.fields());
    if (!folder.empty()) record.set_json("npy", files.line());
    if (outside_) record.set("sandbox", false);
    record.set("status", "ok");
}

std::string Measurer::faust_response(const Record& record) {
    auto job = job_of(record);
    job.set("sample_rate", faust_settings.sample_rate);
    job.set("block_size", faust_settings.block_size);
    const auto plugin = job.path("plugin_path").value_or("");
    std::string lines;
    std::int64_t inputs = 0, outputs = 0;
    for (const auto run : faust_runs) {
        job.set("plugin_path", plugin_for(run, plugin));
        auto player = open(job, is_named_by_user(record));
        outside_ = !player.sandboxed();
        const auto samples = player.play(run);
        if (run == FaustRun::whole) {
            inputs = player.description().integer("inputs").value_or(0);
            outputs = player.description().integer("channels").value_or(0);
        }
        lines += faust_lines(samples, static_cast<int>(outputs), run, plugin);
    }
    if (lines.ends_with('\n')) lines.pop_back();
    const auto frames = faust_run_frames * static_cast<std::int64_t>(faust_runs.size());
    return faust_head(static_cast<int>(inputs), static_cast<int>(outputs), frames) + lines;
}

}  // namespace patchpipe
