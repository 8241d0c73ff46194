// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/plugin_host.h"

#include <cmath>

#include "base/error.h"
#include "base/hex.h"
#include "base/json.h"
#include "job/host_environment.h"
#include "job/plugin_requests.h"

namespace patchpipe {
namespace {

using std::chrono::milliseconds;

IsolationSettings isolation_of(const HostSettings& settings) {
    return {.subject = settings.plugin_path,
            .snapshot = settings.snapshot,
            .output = settings.plugin_output,
            .sandbox = settings.sandbox,
            .max_memory = settings.max_memory,
            .load_timeout = settings.load_timeout,
            .set_environment = [home = settings.home] { set_host_environment(home); }};
}

Record setup_of(const HostSettings& settings) {
    make_host_home(settings.home);
    Record setup("{}");
    setup.set("plugin_path", json_text(settings.plugin_path));
    setup.set("sample_rate", json_number(std::int64_t{settings.sample_rate}));
    setup.set("block_size", json_number(std::int64_t{settings.block_size}));
    setup.set("real_clock", json_flag(settings.real_clock));
    return setup;
}

}  // namespace

PluginHost::PluginHost(const HostSettings& settings)
    : settings_(settings),
      process_(isolation_of(settings), setup_of(settings)),
      has_threads_(process_.opened().flag("has_threads").value_or(false)) {}

Record PluginHost::render(const Record& job, milliseconds timeout, JobOutput& output) {
    auto fields = process_.ask(render_verb, job, timeout, [&]() -> OpenedOutput {
        output.open();
        return {.fd = output.file().fd(), .straight = output.file().straight()};
    });
    if (fields.is_error()) return fields;
    const auto written = RealClock::now();
    try {
        output.commit();
        const std::chrono::duration<double, std::milli> naming = RealClock::now() - written;
        const auto write_ms = fields.number("write_ms").value_or(0) + naming.count();
        fields.set("write_ms", json_number(std::round(write_ms * 1000) / 1000));
    } catch (const Error& error) {
        fields.set_error(error);
    }
    note_sandbox(fields);
    return fields;
}

void PluginHost::note_sandbox(Record& fields) const {
    if (!sandboxed() && !fields.is_error()) fields.set("sandbox", "false");
}

// Unlike a job's error, one of these ends what the tool is about.
Record PluginHost::ask(std::string_view verb, const Record& request, milliseconds timeout) {
    auto fields = process_.ask(verb, request, timeout);
    if (fields.is_error()) throw error_of(fields);
    return fields;
}

ProbeResult PluginHost::probe(const Probe& probe) {
    Record wanted("{}");
    const auto set_number = [&](std::string_view key, std::optional<int> number) {
        if (number) wanted.set(key, json_number(std::int64_t{*number}));
    };
    set_number("program", probe.program);
    set_number("note", probe.note);
    set_number("velocity", probe.velocity);
    if (probe.preset) wanted.set("preset_path", json_text(*probe.preset));
    wanted.set("moved", json_flag(probe.moved));
    const auto fields = ask(probe_verb, wanted, settings_.load_timeout);
    return {fields.text("audio_hash").value_or(""), fields.number("thread_ms").value_or(0)};
}

bool PluginHost::needs_threads(const Record& job, milliseconds timeout) {
    const auto fields = ask(load_verb, job, timeout);
    return ProbeResult{"", fields.number("thread_ms").value_or(0)}.threads_worked();
}

Record PluginHost::describe(bool parameters, bool programs) {
    Record wanted("{}");
    wanted.set("parameters", json_flag(parameters));
    wanted.set("programs", json_flag(programs));
    auto fields = ask(describe_verb, wanted, settings_.load_timeout);
    note_sandbox(fields);
    return fields;
}

ExportedProgram PluginHost::export_program(int program) {
    Record wanted("{}");
    wanted.set("program", json_number(std::int64_t{program}));
    const auto fields = ask(export_verb, wanted, settings_.load_timeout);
    const auto bytes = from_hex(fields.text("bytes").value_or(""));
    const auto suffix = fields.text("suffix").value_or("");
    if (!bytes || !suffix.starts_with('.') || suffix.find('/') != suffix.npos)
        throw Error(ErrorKind::crash, settings_.plugin_path, "answered in our place");
    return {.name = fields.text("name").value_or(""), .suffix = suffix, .bytes = *bytes};
}

}  // namespace patchpipe
