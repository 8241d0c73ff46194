// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/renderer.h"

#include <algorithm>
#include <filesystem>
#include <initializer_list>

#include "base/json.h"
#include "catalog/preset_formats.h"
#include "file/absolute.h"
#include "job/provenance.h"
#include "job/rendered_file.h"
#include "job/sandbox_options.h"
#include "job/select_program.h"
#include "job/verdict_cache.h"
#include "lv2/lv2_presets.h"
#include "plugin/code_cache.h"
#include "plugin/dsp_operand.h"
#include "plugin/opener.h"

namespace patchpipe {
namespace {

using std::chrono::milliseconds;

// Loaded plug-ins kept at a time; job lists that mix more load some of them again.
constexpr std::size_t most_sessions = 8;

// A preset may load its samples on a thread that does not use a millisecond for it.
bool missed_threads(const PluginHost& host, const Record& fields) {
    return host.has_threads() && fields.flag("silent") == true;
}

void set_paths_from_root(Record& message, std::initializer_list<std::string_view> keys) {
    for (const auto key : keys) {
        const auto path = message.path(key);
        if (path && !path->empty() && !path->starts_with('/') && *path != "-")
            message.set(key, working_folder() + "/" + *path);
    }
}

// A plug-in may change the current folder of its process.
void set_paths_from_root(Record& message) {
    set_paths_from_root(message, {"preset_path", "state_path", "midi_path", "output_path"});
    const auto chain = message.raw("chain");
    if (!chain) return;
    std::string links;
    for (const auto& json : json_elements(*chain).value_or(std::vector<std::string>())) {
        Record link(json);
        set_paths_from_root(link, {"preset_path", "state_path"});
        links += (links.empty() ? "" : ",") + link.line();
    }
    message.set_json("chain", "[" + links + "]");
}

bool has_side_chain(const RenderJob& job) { return job.sidechain_path || job.track_channels; }

bool died(const Record& fields) {
    const auto kind = fields.text("error_kind");
    return fields.is_error() && (kind == "crash" || kind == "timeout");
}

}  // namespace

// A Faust program with what the job and the options say of it is an operand of its own.
std::string Renderer::with_fields(const std::string& plugin, const DspFields& fields) const {
    return dsp_operand({.path = plugin,
                        .compile_options = fields.compile_options,
                        .voices = fields.nvoices,
                        .interpreter = settings_.interpret_faust && is_dsp_path(plugin)});
}

// All plug-ins of a chain as one operand. An audio file may go straight into the first link.
std::string Renderer::plugin_for(const RenderJob& job) const {
    if (job.chain.empty()) return with_fields(first_plugin_for(job), job.dsp);
    const bool is_first = job.input_path && !job.plugin_path && !job.preset_path &&
                          !job.preset_uri && !job.state_path && settings_.plugin.empty();
    std::string list = is_first ? "" : json_text(with_fields(first_plugin_for(job), job.dsp));
    for (const auto& link : job.chain)
        list += (list.empty() ? "" : ",") + json_text(with_fields(link.plugin_path, link.dsp));
    return "[" + list + "]";
}

std::string Renderer::first_plugin_for(const RenderJob& job) const {
    if (job.plugin_path) return *job.plugin_path;
    const auto format = job.preset_format.value_or("");
    // A bank holds what an .fxp does.
    const auto given = settings_.plugins.find(format == "fxb" ? "fxp" : format);
    if (given != settings_.plugins.end()) return given->second;
    if (!settings_.plugin.empty()) return settings_.plugin;
    if (!job.preset_plugins.empty() && !settings_.limits.refuse_record_plugins) {
        const auto& own = job.preset_plugins;
        const auto named = std::find(own.begin(), own.end(), job.plugin_id.value_or(""));
        return named == own.end() ? own.front() : *named;
    }
    if (format.empty())
        throw Error(ErrorKind::bad_record, "plugin_path",
                    "is missing, and so is --plugin; a job with a state, or without a preset, "
                    "needs one of them");
    throw Error(ErrorKind::unsupported, job.preset_path.value_or(format),
                "no plug-in was given for " + format + " presets; give one with --" +
                    (format == "fxb"             ? "fxp"
                     : player_of(format).empty() ? "plugin"
                                                 : format));
}

std::string Renderer::plugin_path(const Record& record) const try {
    return plugin_for(read_render_job(record));
} catch (const Error&) {
    return record.text("plugin").value_or("");
}

bool Renderer::is_named_by_user(const RenderJob& job) const {
    const auto format = job.preset_format.value_or("");
    return !job.plugin_path && job.chain.empty() &&
           (!settings_.plugin.empty() ||
            settings_.plugins.contains(format == "fxb" ? "fxp" : format));
}

Renderer::Session& Renderer::session_for(const RenderJob& job) {
    const auto path = plugin_for(job);
    const auto sandbox = sandbox_for(settings_.sandbox, is_named_by_user(job));
    const auto same = [&](const auto& session) {
        return session->sandbox == sandbox.mode && session->host.plugin_path == path &&
               session->host.sample_rate == job.sample_rate &&
               session->host.block_size == job.block_size &&
               session->host.all_outputs == job.all_buses &&
               session->host.side_chain == has_side_chain(job);
    };
    if (const auto found = std::find_if(sessions_.begin(), sessions_.end(), same);
        found != sessions_.end()) {
        if (SourceState((*found)->source) == (*found)->source_state) {
            std::rotate(found, found + 1, sessions_.end());
            return *sessions_.back();
        }
        sessions_.erase(found);  // the plug-in was built or installed anew
    }
    if (sessions_.size() == most_sessions) sessions_.erase(sessions_.begin());
    auto session = std::make_unique<Session>(find_source(path));
    session->sandbox = sandbox.mode;
    session->host = {.plugin_path = path,
                     .sample_rate = job.sample_rate,
                     .block_size = job.block_size,
                     .home = settings_.home,
                     .plugin_output = settings_.plugin_output,
                     .all_outputs = job.all_buses,
                     .side_chain = has_side_chain(job),
                     .real_clock = settings_.real_clock,
                     .sandbox = sandbox,
                     .max_memory = settings_.max_memory};
    if (settings_.timeout)
        session->host.load_timeout =
            std::chrono::ceil<milliseconds>(std::chrono::duration<double>(*settings_.timeout));
    sessions_.push_back(std::move(session));
    return *sessions_.back();
}

// A plug-in that failed to load is not tried again, because the failure may have taken a minute.
// One that loaded before is: the failure may have been temporary. Neither a killed process nor one
// that could not be started says anything about the plug-in.
std::unique_ptr<PluginHost> Renderer::start(Session& session, Answering answering) {
    if (session.failure) throw *session.failure;
    auto settings = session.host;
    settings.answering = answering;
    for (bool first = true;; first = false) {
        try {
            auto process = std::make_unique<PluginHost>(settings);
            session.loaded = true;
            // The loaded file may not be the one whose hash is recorded.
            if (SourceState(session.source) != session.source_state)
                throw Error(ErrorKind::io, settings.plugin_path,
                            "was replaced while it was being loaded; render this job again");
            // In a chain, one plug-in could hand over code in the place of another.
            if (session.source.kind != chain_kind)
                if (const auto code = process->code_to_keep()) keep_code(hash_of(session), *code);
            // It does not open in the sandbox, so later processes skip that try.
            if (!process->sandboxed()) session.host.sandbox.mode = SandboxMode::off;
            return process;
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::crash && first) continue;
            const bool kept_inside = session.sandbox != settings_.sandbox.mode;
            const auto shown = kept_inside ? with_way_out(error) : error;
            if (error.kind() != ErrorKind::io && !session.loaded) session.failure = shown;
            throw Error(shown);
        }
    }
}

// In a process of its own: some plug-ins know only the name of the selected program, so all are
// selected for their names.
int Renderer::program_number(Session& session, const std::string& name) {
    if (!session.program_names) {
        const auto fields = start(session, Answering::itself)->describe({.programs = true});
        const auto list = json_elements(fields.raw("programs").value_or("[]"));
        session.program_names.emplace();
        for (const auto& json : list.value_or(std::vector<std::string>()))
            session.program_names->push_back(
                Record("{\"name\":" + json + "}").text("name").value_or(""));
    }
    return program_named(*session.program_names, name, session.host.plugin_path);
}

PluginHost& Renderer::standing_host(Session& session) {
    if (!session.process || !session.process->ready())
        session.process = start(session, settings_.isolation == Isolation::reuse ? Answering::itself
                                         : session.rewinds ? Answering::rewound
                                                           : Answering::forked);
    return *session.process;
}

// The verdict rests on plugin-probe's certificate or on fixed probes, never on the user's jobs or
// their order. Forked children and a process that jobs share are what the user wants, equal or not.
const Verdict& Renderer::verdict_of(Session& session) {
    if (session.verdict) return *session.verdict;
    if (!settings_.real_clock) session.verdict = cached_verdict(hash_of(session));
    session.certified = session.verdict.has_value();
    const auto wanted = settings_.isolation;
    if (!session.certified)
        session.verdict = wanted == Isolation::fork || wanted == Isolation::reuse
                              ? Verdict{wanted}
                              : examine(session);
    auto& isolation = session.verdict->isolation;
    const bool as_found = wanted == Isolation::automatic ||
                          (wanted == Isolation::snapshot && isolation == Isolation::fork);
    if (!as_found) isolation = wanted;
    session.rewinds = isolation == Isolation::snapshot;
    if (isolation == Isolation::process) session.process.reset();
    return *session.verdict;
}

Verdict Renderer::examine(Session& session) {
    Verdict verdict{settings_.isolation == Isolation::process ? Isolation::process
                                                              : Isolation::snapshot};
    try {
        examine(session, {}, verdict);
        if (session.process && session.process->has_threads())
            examine(session, {.moved = true}, verdict);
    } catch (const Error& error) {
        // Otherwise only the probe failed: run each job in its own process.
        if (session.failure || error.kind() == ErrorKind::io) throw;
        verdict.isolation = Isolation::process;
    }
    return verdict;
}

// Plays the plug-in in children and in a fresh process. If these differ, a second fresh process
// shows whether the plug-in repeats at all. Children that the user wants need only be alike.
void Renderer::examine(Session& session, const Probe& probe, Verdict& verdict) {
    std::string in_child;
    if (verdict.isolation != Isolation::process) in_child = play_in_child(session, probe, verdict);
    if (settings_.isolation == Isolation::snapshot) return;
    const auto fresh = start(session, Answering::itself)->probe(probe);
    if (fresh.audio_hash == in_child && !fresh.threads_worked()) return;
    verdict.isolation = Isolation::process;
    if (start(session, Answering::itself)->probe(probe).audio_hash != fresh.audio_hash)
        verdict.repeatable = false;
}

// True if the probe has that hash after something else was played.
bool Renderer::repeats(PluginHost& host, const Probe& probe, const std::string& hash) try {
    constexpr Probe other{.note = 48, .velocity = 100};
    (void)host.probe(other);
    return host.probe(probe).audio_hash == hash;
} catch (const Error&) {
    return false;
}

// In a child that was forked, and in the same one after it has played something else and was put
// back. If these differ, the verdict is fork. Returns nothing if there can be no child.
std::string Renderer::play_in_child(Session& session, const Probe& probe, Verdict& verdict) {
    auto& host = standing_host(session);
    if (host.unforkable()) {
        verdict.isolation = Isolation::process;
        return "";
    }
    const auto forked = host.probe(probe).audio_hash;
    if (host.rewinds()) {
        const bool same = repeats(host, probe, forked);
        if (same && host.rewinds()) return forked;
        if (!same) session.process.reset();  // otherwise it forks already
    }
    verdict.isolation = Isolation::fork;
    session.rewinds = false;
    return forked;
}

// A child lacks the plug-in's threads. A process that only loads presets shows whether the threads
// work on one.
bool Renderer::needs_threads(Session& session, const Record& job, milliseconds timeout) {
    constexpr std::size_t most_presets = 4096;
    const Record made_from(job.text("provenance").value_or("{}"));
    std::string key;
    for (const auto field : {"state_hash", "preset_hash", "program", "parameters", "chain"})
        if (const auto json = made_from.raw(field)) key += *json;
    if (key.empty()) return false;
    auto& known = session.sound_needs_threads;
    if (const auto found = known.find(key); found != known.end()) return found->second;
    if (known.size() == most_presets) known.clear();
    try {
        if (!session.watcher || !session.watcher->ready())
            session.watcher = start(session, Answering::itself);
        const bool needed = session.watcher->needs_threads(job, timeout);
        if (needed) session.watcher.reset();  // their work may affect the next preset
        return known[key] = needed;
    } catch (const Error&) {
        return known[key] = true;  // the job's own process will report the error
    }
}

JobOutput Renderer::output_of(const Record& job, milliseconds timeout) {
    const auto path = job.path("output_path").value_or("");
    return JobOutput(time_limit_, path == "-" ? "/dev/stdout" : path, timeout,
                     settings_.sync ? Sync::first : Sync::none);
}

Record Renderer::render_in_fresh_process(Session& session, const Record& job, milliseconds timeout,
                                         const HeardFiles& heard) {
    auto output = output_of(job, timeout);
    auto fields = start(session, Answering::itself)->render(job, timeout, output, heard);
    if (!fields.is_error()) fields.set("isolation", "process");
    return fields;
}

Record Renderer::render_in(Session& session, const Record& job, milliseconds timeout,
                           const HeardFiles& heard) {
    const auto isolation = verdict_of(session).isolation;
    if (isolation == Isolation::process)
        return render_in_fresh_process(session, job, timeout, heard);
    const bool automatic = settings_.isolation == Isolation::automatic;
    auto& host = standing_host(session);
    if (host.unforkable()) {
        session.verdict->isolation = Isolation::process;
        session.process.reset();
        return render_in_fresh_process(session, job, timeout, heard);
    }
    const bool may_need_threads = automatic && !session.certified && host.has_threads();
    if (may_need_threads && needs_threads(session, job, timeout))
        return render_in_fresh_process(session, job, timeout, heard);
    auto output = output_of(job, timeout);
    // Silence for want of a thread could not be rendered again there.
    if (may_need_threads && output.leads_to_stream())
        return render_in_fresh_process(session, job, timeout, heard);
    const auto only_try = [&] { return isolation == Isolation::reuse || output.is_begun_stream(); };
    try {
        auto fields = host.render(job, timeout, output, heard);
        const auto used = isolation == Isolation::reuse ? isolation
                          : host.rewinds()              ? Isolation::snapshot
                                                        : Isolation::fork;
        if (!fields.is_error()) fields.set("isolation", to_string(used));
        const bool again = died(fields) || (automatic && missed_threads(host, fields));
        if (!again || only_try()) return fields;
    } catch (const Error&) {
        if (only_try()) throw;
    }
    // The child may have died because it was forked, or waited for a thread that it lacks; its
    // parent may have died of another job. So the job gets one try in a process of its own.
    return render_in_fresh_process(session, job, timeout, heard);
}

milliseconds Renderer::timeout_of(const RenderJob& job) const {
    constexpr double seconds_per_job = 60, seconds_per_second = 10;
    const auto seconds =
        settings_.timeout.value_or(seconds_per_job + seconds_per_second * job.length());
    return std::chrono::ceil<milliseconds>(std::chrono::duration<double>(seconds));
}

const std::string& Renderer::hash_of(Session& session) {
    if (session.plugin_hash.empty()) session.plugin_hash = source_hash(session.source);
    return session.plugin_hash;
}

std::optional<Record> Renderer::result_at_hand(const RenderJob& job, const std::string& made_from) {
    if (!job.skip_existing && settings_.skip_existing == SkipExisting::never) return {};
    auto known = within_time<std::optional<Record>>(job, [job, made_from](const auto& given_up) {
        return known_result(job, made_from, given_up);
    });
    const bool require_change = job.require_change || settings_.require_change;
    // Rendering it again gives the error that the job calls for.
    if (known && require_change && known->flag("unchanged") == true) return {};
    return known;
}

// Reads files of the job, on a mount that may not answer.
template <typename Result>
Result Renderer::within_time(const RenderJob& job,
                             std::function<Result(const std::stop_token&)> read) {
    const auto result = std::make_shared<std::optional<Result>>();
    const auto& file = job.state_path ? job.state_path : job.preset_path;
    time_limit_.keep(
        timeout_of(job),
        file.value_or(job.midi_path.value_or(job.input_path.value_or(job.output_path))),
        "the files of this job could not be read",
        [result, read = std::move(read)](const std::stop_token& given_up) {
            *result = read(given_up);
        });
    return std::move(**result);
}

void Renderer::skip(Record& record, const Record& known) {
    record.set_all(known);
    record.set("status", "skipped");
}

// Reads no file for a job without a plug-in, unless the preset's content decides which plug-in it
// needs.
std::optional<Error> Renderer::lack_of_plugin(const RenderJob& job) const try {
    const bool from_preset = job.preset_path || job.preset_uri;
    if (job.state_path || !from_preset) (void)plugin_for(job);
    return {};
} catch (const Error& error) {
    return error;
}

namespace {

// The file of the preset that is meant: that of an installed URI, or the one in an LV2 bundle.
void find_preset_file(RenderJob& job) {
    if (job.state_path) return;
    if (job.preset_uri && !job.preset_path)
        job.preset_path = find_lv2_preset(*job.preset_uri).front().path;
    else if (std::error_code unseen;
             job.preset_path &&
             std::filesystem::is_regular_file(
                 *job.preset_path + "/" + std::string(lv2_manifest_name), unseen))
        job.preset_path = lv2_preset_file(*job.preset_path, job.preset_uri.value_or(""));
}

}  // namespace

// Does everything in one call, because handing work to another thread costs more than most of the
// work. A job without a path to look at needs no other thread.
Renderer::Sight Renderer::look_at(const RenderJob& job) {
    const auto& limits = settings_.limits;
    const bool by_name = settings_.skip_existing == SkipExisting::name;
    auto look = [sight = Sight{job}, limits, by_name,
                 lack = lack_of_plugin(job)](const std::stop_token& given_up) mutable {
        find_preset_file(sight.job);
        check_limits(sight.job, limits);
        check_output_descriptor(sight.job.output_path);
        if (by_name) sight.known = noted_result(sight.job, given_up);
        if (sight.known) return sight;
        if (lack) throw Error(*lack);
        sight.files = read_job_files(sight.job);
        return sight;
    };
    const bool sees_files = by_name || limits.jobs || !limits.output_root.empty() ||
                            job.preset_path || job.state_path || job.midi_path || job.input_path ||
                            job.sidechain_path || job.preset_uri || !job.chain.empty();
    return sees_files ? within_time<Sight>(job, look) : look({});
}

void Renderer::render(Record& record) {
    auto [job, known, files] = look_at(read_render_job(record));
    if (known) return skip(record, *known);
    if (const auto& found = files.sound.preset_format; !found.empty()) {
        job.preset_format = found;
        record.set("preset_format", found);
    }
    job.input_duration = files.input ? files.input->duration() : 0;
    job.preset_plugins = files.sound.plugins;
    auto& session = session_for(job);
    if (settings_.preset_path) {
        job.output_path = settings_.preset_path(record, session.source);
        check_limits(job, settings_.limits);
    }
    check_plugin_is_kept(job, session.source);
    if (!settings_.preset_path)
        (void)container_to_write(job.output_path, record.raw("format").has_value());
    if (settings_.limits.refuse_record_plugins && carries_code(session.source) &&
        (job.preset_path || job.preset_uri || job.state_path))
        throw Error(ErrorKind::unsupported, session.host.plugin_path,
                    "takes code from its states, and --no-record-plugins refuses that of others");
    const auto made_from =
        provenance(job, files, hash_of(session),
                   {settings_.isolation == Isolation::reuse, settings_.real_clock});
    if (!carries_code(session.source))
        if (const auto made = result_at_hand(job, made_from)) return skip(record, *made);

    auto message = record;
    for (const auto key : {"provenance", "input_duration", "saves_preset", "repeatable"})
        message.remove(key);  // the user's own
    message.set("output_path", job.output_path);
    if (job.preset_path) message.set("preset_path", *job.preset_path);
    if (job.program && !job.program->number && !job.preset_path && !job.state_path &&
        job.chain.empty())
        message.set("program", program_number(session, job.program->name));
    set_paths_from_root(message);
    message.set("provenance", made_from);
    message.set("input_duration", job.input_duration);
    message.set("saves_preset", static_cast<bool>(settings_.preset_path));
    if (settings_.require_change) message.set("require_change", true);
    message.set("repeatable", verdict_of(session).repeatable);
    record.set_all(
        render_in(session, message, timeout_of(job), {files.input.get(), files.side_chain.get()}));
}

}  // namespace patchpipe
