// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/plugin_host.h"

#include <algorithm>
#include <memory>

#include "audio/aac.h"
#include "base/error.h"
#include "base/hex.h"
#include "base/json.h"
#include "file/nameless_file.h"
#include "job/claimed_audio.h"
#include "job/handed_files.h"
#include "job/host_environment.h"
#include "job/plugin_requests.h"
#include "job/result_fields.h"
#include "names/characters.h"
#include "plugin/dsp_operand.h"
#include "plugin/opener.h"

namespace patchpipe {
namespace {

using std::chrono::milliseconds;
using Milliseconds = std::chrono::duration<double, std::milli>;

[[noreturn]] void refuse_foreign(const std::string& file) {
    throw Error(ErrorKind::unsupported, file,
                "is named by a program in another folder, and hidden from it by --hide-home; name "
                "its folder with -I in compile_options, or the file with --allow-read");
}

void show_plugin(SandboxSettings& sandbox, const HostSettings& settings) {
    auto files = needed_files(find_source(settings.plugin_path));
    for (const auto& file : files.foreign)
        if (!shows(sandbox, file)) refuse_foreign(file);
    if (!settings.lv2_folder.empty()) files.read.push_back(settings.lv2_folder);
    sandbox.readable.insert(sandbox.readable.end(), files.read.begin(), files.read.end());
    sandbox.listed = std::move(files.listed);
}

IsolationSettings isolation_of(const HostSettings& settings) {
    auto sandbox = settings.sandbox;
    // A program that is compiled here needs nothing outside, and one that names a file on a server
    // would have it fetched there.
    if (sandbox.mode == SandboxMode::automatic && sandbox_available() &&
        is_dsp_path(read_dsp_operand(settings.plugin_path).path))
        sandbox.mode = SandboxMode::on;
    if (sandbox.hide_home) show_plugin(sandbox, settings);
    return {.subject = read_dsp_operand(settings.plugin_path).path,
            .answering = settings.answering,
            .output = settings.plugin_output,
            .sandbox = sandbox,
            .max_memory = settings.max_memory,
            .load_timeout = settings.load_timeout,
            .set_environment = [home = settings.home,
                                lv2 = settings.lv2_folder] { set_host_environment(home, lv2); },
            .started = settings.started};
}

Record setup_of(const HostSettings& settings) {
    make_host_home(settings.home);
    Record setup("{}");
    setup.set("plugin_path", settings.plugin_path);
    setup.set("sample_rate", settings.sample_rate);
    setup.set("block_size", settings.block_size);
    setup.set("all_outputs", settings.all_outputs);
    setup.set("side_chain", settings.side_chain);
    setup.set("real_clock", settings.real_clock);
    return setup;
}

// The plug-in can write to the socket too, and a suffix becomes part of a path.
bool is_suffix(std::string_view text) {
    constexpr std::size_t longest = 16;
    return text.size() > 1 && text.size() <= longest && text[0] == '.' &&
           std::all_of(text.begin() + 1, text.end(), is_alphanumeric);
}

}  // namespace

PluginHost::PluginHost(const HostSettings& settings)
    : settings_(settings),
      process_(isolation_of(settings), setup_of(settings)),
      has_threads_(process_.opened().flag("has_threads").value_or(false)) {}

// AAC is encoded here, outside of the sandbox of the plug-in, whose process writes PCM.
Record PluginHost::render(const Record& job, milliseconds timeout, JobOutput& output,
                          const HeardFiles& heard) {
    const auto wanted = read_render_request(job);
    const bool aac = !wanted.saves_preset && wanted.container == AudioFormat::Container::m4a;
    const auto pcm = std::make_shared<Descriptor>(aac ? nameless_file() : Descriptor());
    RequestFiles files{.output = [&]() -> OpenedFile {
        output.open();
        if (!aac) return {.fd = output.file().fd(), .straight = output.file().straight()};
        if (output.is_begun_stream())
            throw Error(ErrorKind::unsupported, wanted.output_path,
                        "is not a regular file, and AAC is written into no other; use format mp3");
        return {.fd = pcm->get()};
    }};
    const auto hand_over = [&](std::string_view role, const JobInput* file) {
        if (file) files.inputs.push_back({{std::string(role)}, file->rewound()});
    };
    hand_over(input_role, heard.input);
    hand_over(side_chain_role, heard.side_chain);
    const auto answer = ask_process(render_verb, job, timeout, std::move(files));
    if (answer.is_error()) return answer;
    Record fields("{\"status\":\"ok\"}");
    fields.set_all(known(answer, measured_and_timed_fields));
    const auto written = RealClock::now();
    try {
        const auto claimed = claimed_audio(fields, wanted);
        output.commit([=](int fd) {
            check_claimed_audio(claimed, aac ? pcm->get() : fd);
            if (!aac) return;
            const AudioFormat format{.channels = static_cast<int>(claimed.channels),
                                     .bitrate = wanted.bitrate};
            encode_aac(pcm->get(), fd, format, wanted.output_path);
        });
        const double before = fields.number("write_ms").value_or(0);
        fields.set("write_ms", in_milliseconds(RealClock::now() - written + Milliseconds(before)));
    } catch (const Error& error) {
        fields = error_record(error);  // what was measured is not in any file
    }
    note_sandbox(fields);
    return fields;
}

// The answer without what the plug-in may have put into it.
Record PluginHost::known(const Record& answer, Record (*take)(const Record&)) const {
    try {
        return take(answer);
    } catch (const Error&) {
        throw Error(ErrorKind::crash, settings_.plugin_path, "answered in our place");
    }
}

void PluginHost::note_sandbox(Record& fields) const {
    if (!sandboxed() && !fields.is_error()) fields.set("sandbox", false);
}

// With the files that the request names.
Record PluginHost::ask_process(std::string_view verb, const Record& request, milliseconds timeout,
                               RequestFiles files) {
    const HandedFiles handed(request);
    for (const auto& file : handed.list()) files.inputs.push_back(file);
    return process_.ask(verb, request, timeout, files);
}

// Unlike a job's error, one of these ends what the tool is about.
Record PluginHost::ask(std::string_view verb, const Record& request, milliseconds timeout,
                       const RequestFiles& files) {
    auto fields = ask_process(verb, request, timeout, files);
    if (fields.is_error()) throw error_of(fields);
    return fields;
}

ProbeResult PluginHost::probe(const Probe& probe) {
    Record wanted("{}");
    const auto set_number = [&](std::string_view key, std::optional<int> number) {
        if (number) wanted.set(key, *number);
    };
    set_number("program", probe.program);
    set_number("note", probe.note);
    set_number("velocity", probe.velocity);
    if (probe.preset) wanted.set("preset_path", *probe.preset);
    if (probe.preset_uri) wanted.set("preset_uri", *probe.preset_uri);
    wanted.set("moved", probe.moved);
    const auto fields = ask(probe_verb, wanted, settings_.load_timeout);
    return {fields.text("audio_hash").value_or(""), fields.number("thread_ms").value_or(0)};
}

bool PluginHost::needs_threads(const Record& job, milliseconds timeout) {
    const auto fields = ask(load_verb, job, timeout);
    return ProbeResult{"", fields.number("thread_ms").value_or(0)}.threads_worked();
}

void PluginHost::load(const Record& job) { (void)ask(load_verb, job, settings_.load_timeout); }

Record PluginHost::describe(const DescriptionParts& parts) {
    Record wanted("{}");
    wanted.set("parameters", parts.parameters);
    wanted.set("programs", parts.programs);
    wanted.set("details", parts.details);
    auto fields = known(ask(describe_verb, wanted, settings_.load_timeout), described_fields);
    note_sandbox(fields);
    return fields;
}

Record PluginHost::play(const Record& request, milliseconds timeout, int fd) {
    const auto fields =
        ask_process(play_verb, request, timeout, {.output = [&] { return OpenedFile{.fd = fd}; }});
    if (fields.is_error()) throw error_of(fields);
    return known(fields, played_fields);
}

ExportedProgram PluginHost::export_program(int program) {
    Record wanted("{}");
    wanted.set("program", program);
    const auto fields = ask(export_verb, wanted, settings_.load_timeout);
    const auto bytes = from_hex(fields.text("bytes").value_or(""));
    const auto suffix = fields.text("suffix").value_or("");
    if (!bytes || !is_suffix(suffix))
        throw Error(ErrorKind::crash, settings_.plugin_path, "answered in our place");
    return {.name = fields.text("name").value_or(""), .suffix = suffix, .bytes = *bytes};
}

}  // namespace patchpipe
