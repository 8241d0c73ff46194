// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/renderer.h"

#include <algorithm>

#include "host/plugin_file.h"
#include "host/plugin_hash.h"
#include "host/provenance.h"
#include "host/rendered_file.h"
#include "host/verdict_cache.h"
#include "preset/detect.h"
#include "record/json.h"

namespace patchpipe {
namespace {

using std::chrono::milliseconds;

// Loaded plug-ins kept at a time; job lists that mix more load some of them again.
constexpr std::size_t most_sessions = 8;

// The probe of auto cannot know that a preset loads its samples on a thread.
bool needs_threads(const HostProcess& host, const Record& fields) {
    return host.has_threads() && fields.flag("silent") == true;
}

bool died(const Record& fields) {
    const auto kind = fields.text("error_kind");
    return fields.is_error() && (kind == "crash" || kind == "timeout");
}

}  // namespace

std::string Renderer::plugin_for(const RenderJob& job) const {
    if (job.plugin_path) return *job.plugin_path;
    const auto format = job.preset_format.value_or("");
    const auto given = settings_.plugins.find(format);
    if (given != settings_.plugins.end()) return given->second;
    if (!settings_.plugin.empty()) return settings_.plugin;
    if (format.empty())
        throw Error(ErrorKind::bad_record, "plugin_path",
                    "is missing, and so is --plugin; a job without a preset needs one of them");
    const bool has_option = format == "fxp" || format == "serum2" || format == "vstpreset";
    throw Error(ErrorKind::unsupported, job.preset_path.value_or(format),
                "no plug-in was given for " + format + " presets; give one with --" +
                    (has_option ? format : "plugin"));
}

Renderer::Session& Renderer::session_for(const RenderJob& job) {
    const auto path = plugin_for(job);
    const auto same = [&](const auto& session) {
        return session->host.plugin_path == path && session->host.sample_rate == job.sample_rate &&
               session->host.block_size == job.block_size;
    };
    const auto found = std::find_if(sessions_.begin(), sessions_.end(), same);
    if (found != sessions_.end()) {
        std::rotate(found, found + 1, sessions_.end());
        return *sessions_.back();
    }
    if (sessions_.size() == most_sessions) sessions_.erase(sessions_.begin());
    auto session = std::make_unique<Session>();
    session->host = {.plugin_path = path,
                     .sample_rate = job.sample_rate,
                     .block_size = job.block_size,
                     .home = settings_.home,
                     .plugin_output = settings_.plugin_output};
    if (settings_.timeout)
        session->host.load_timeout =
            std::chrono::ceil<milliseconds>(std::chrono::duration<double>(*settings_.timeout));
    sessions_.push_back(std::move(session));
    return *sessions_.back();
}

// A plug-in that could not be loaded is not tried again: it may have taken a minute to fail. But if
// it could before, what came in between is nothing that the next jobs should pay for. A process
// that was killed says little of the plug-in, and one that could not be made says nothing.
std::unique_ptr<HostProcess> Renderer::start(Session& session, bool snapshot) {
    if (session.failure) throw *session.failure;
    auto settings = session.host;
    settings.snapshot = snapshot;
    for (bool first = true;; first = false) {
        try {
            auto process = std::make_unique<HostProcess>(settings);
            session.loaded = true;
            return process;
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::crash && first) continue;
            if (error.kind() != ErrorKind::io && !session.loaded) session.failure = error;
            throw;
        }
    }
}

HostProcess& Renderer::standing_host(Session& session) {
    if (!session.process || session.process->ended())
        session.process = start(session, settings_.isolation != Isolation::reuse);
    return *session.process;
}

// The verdict rests on plugin-probe's certificate or on a fixed probe, never on the user's jobs or
// their order.
Isolation Renderer::isolation_of(Session& session) {
    if (settings_.isolation != Isolation::automatic) return settings_.isolation;
    if (session.isolation) return *session.isolation;
    session.isolation = cached_verdict(hash_of(session));
    if (session.isolation) return *session.isolation;
    auto verdict = Isolation::process;
    try {
        const auto forked = standing_host(session).probe();
        if (start(session, false)->probe() == forked) verdict = Isolation::snapshot;
    } catch (const Error& error) {
        // Else only the probe failed: jobs get a process each.
        if (session.failure || error.kind() == ErrorKind::io) throw;
    }
    session.isolation = verdict;
    if (verdict == Isolation::process) session.process.reset();
    return *session.isolation;
}

Record Renderer::render_in_fresh_process(Session& session, const Record& job,
                                         milliseconds timeout) {
    auto fields = start(session, false)->render(job, timeout);
    if (!fields.is_error()) fields.set("isolation", json_text("process"));
    return fields;
}

Record Renderer::render_in(Session& session, const Record& job, milliseconds timeout) {
    const auto isolation = isolation_of(session);
    if (isolation == Isolation::process) return render_in_fresh_process(session, job, timeout);
    const bool automatic = settings_.isolation == Isolation::automatic;
    auto& host = standing_host(session);
    try {
        auto fields = host.render(job, timeout);
        if (!fields.is_error()) fields.set("isolation", json_text(to_string(isolation)));
        if (isolation == Isolation::reuse ||
            !(died(fields) || (automatic && needs_threads(host, fields))))
            return fields;
    } catch (const Error&) {
        if (isolation == Isolation::reuse) throw;
    }
    // A child may die of having been forked, or wait in vain for a thread that it has not, and its
    // parent may die of what others do: what counts is how the job fares on its own.
    return render_in_fresh_process(session, job, timeout);
}

milliseconds Renderer::timeout_of(const RenderJob& job) const {
    const auto seconds = settings_.timeout.value_or(60 + 10 * job.length());
    return std::chrono::ceil<milliseconds>(std::chrono::duration<double>(seconds));
}

const std::string& Renderer::hash_of(Session& session) {
    if (session.plugin_hash.empty())
        session.plugin_hash = plugin_hash(find_plugin(session.host.plugin_path));
    return session.plugin_hash;
}

std::optional<Record> Renderer::result_at_hand(const RenderJob& job,
                                               const std::string& made_from) const {
    if (!job.skip_existing && settings_.skip_existing == SkipExisting::never) return {};
    auto known = known_result(job, made_from);
    const bool require_change = job.require_change || settings_.require_change;
    // Rendered again, it is the error that it has to be.
    if (known && require_change && known->flag("unchanged") == true) return {};
    return known;
}

void Renderer::render(Record& record) {
    auto job = read_render_job(record);
    if (settings_.skip_existing == SkipExisting::name && is_filled_file(job.output_path)) {
        if (const auto known = noted_result(job)) record.set_all(*known);
        return record.set("status", json_text("skipped"));
    }
    if (job.preset_path && !job.state_path) {
        job.preset_format = detect_preset_file(*job.preset_path);
        if (job.preset_format->empty())
            throw Error(ErrorKind::corrupt, *job.preset_path, "is no preset of a known format");
        record.set("preset_format", json_text(*job.preset_format));
        check_is_preset(*job.preset_format, *job.preset_path);
    }
    auto& session = session_for(job);
    const bool reuse = settings_.isolation == Isolation::reuse;
    const auto made_from = provenance(job, hash_of(session), reuse ? "reuse" : "");
    if (const auto known = result_at_hand(job, made_from)) {
        record.set_all(*known);
        return record.set("status", json_text("skipped"));
    }

    auto message = record;
    message.set("provenance", json_text(made_from));
    if (settings_.require_change) message.set("require_change", "true");
    record.set_all(render_in(session, message, timeout_of(job)));
}

}  // namespace patchpipe
