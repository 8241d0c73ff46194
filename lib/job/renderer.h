// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Renders jobs in host processes: which plug-in and which isolation a job gets. The dispatcher of
// render-one; it holds no plug-in itself.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "isolation/time_limit.h"
#include "job/isolation.h"
#include "job/job_limits.h"
#include "job/plugin_host.h"
#include "job/provenance.h"
#include "job/render_job.h"
#include "plugin/source.h"
#include "record/record.h"

namespace patchpipe {

/// Which jobs are skipped because their file exists.
enum class SkipExisting {
    never,
    same,  ///< made from the same preset, plug-in and settings
    name,  ///< whatever it was made from, if it is whole
};

struct RendererSettings {
    std::map<std::string, std::string> plugins;  ///< preset format to plug-in path
    std::string plugin;                          ///< for what plugins has no entry
    bool interpret_faust = false;                ///< else Faust programs become machine code
    Isolation isolation = Isolation::automatic;
    JobLimits limits;
    std::optional<double> timeout;  ///< seconds a job; default 60 plus ten times its length
    SkipExisting skip_existing = SkipExisting::never;
    bool sync = true;             ///< files are on the disk before they have their names
    bool require_change = false;  ///< a preset that changes nothing is an error
    /// If it is set, the files are presets of the plug-ins, and not audio: gives the path for the
    /// record's job and the plug-in that plays it.
    std::function<std::string(const Record& record, const Source& source)> preset_path = {};
    std::string home;  ///< the folder that plug-ins see as the user's; empty: theirs
    bool plugin_output = false;
    bool real_clock = false;  ///< show plug-ins the real time (shown/clock.h)
    /// automatic leaves it only for plug-ins of these settings, not for those of records and
    /// presets.
    SandboxSettings sandbox = {};
    std::optional<std::int64_t> max_memory = {};  ///< MiB that a process with a plug-in may take
};

class Renderer {
 public:
    explicit Renderer(RendererSettings settings) : settings_(std::move(settings)) {}

    /// Renders the record's job and adds the fields of the result; preset_format becomes what the
    /// preset's content says. Throws Error for a job that cannot be rendered; the next job can
    /// be rendered all the same.
    void render(Record& record);

    /// The plug-in that has rendered the record's job; its name, if the preset brought it along.
    [[nodiscard]] std::string plugin_path(const Record& record) const;

 private:
    // Everything that one plug-in at one rate and block size needs.
    struct Session {
        // Before its files are hashed and loaded: if they change meanwhile, the next job sees it.
        explicit Session(Source found) : source(std::move(found)), source_state(source) {}

        Source source;
        SourceState source_state;  // of files as they were; changed ones make a new session
        HostSettings host;
        SandboxMode sandbox = SandboxMode::automatic;  // as it was wanted
        bool loaded = false;                           // at least once
        std::optional<Error> failure;  // the plug-in cannot be loaded: said again for every job
        std::optional<Verdict> verdict;
        bool certified = false;  // the verdict is plugin-probe's
        bool rewinds = true;     // children are put back, as far as is known
        std::unique_ptr<PluginHost> process;
        std::unique_ptr<PluginHost> watcher;              // loads presets, to watch the threads
        std::map<std::string, bool> sound_needs_threads;  // by the preset's hash, and parameters
        std::optional<std::vector<std::string>> program_names;
        std::string plugin_hash;  // empty until it is wanted
    };

    [[nodiscard]] std::string plugin_for(const RenderJob& job) const;
    [[nodiscard]] std::string first_plugin_for(const RenderJob& job) const;
    [[nodiscard]] std::string with_fields(const std::string& plugin, const DspFields& fields) const;
    [[nodiscard]] bool is_named_by_user(const RenderJob& job) const;
    [[nodiscard]] Session& session_for(const RenderJob& job);
    [[nodiscard]] const std::string& hash_of(Session& session);
    [[nodiscard]] const Verdict& verdict_of(Session& session);
    [[nodiscard]] Verdict examine(Session& session);
    void examine(Session& session, const Probe& probe, Verdict& verdict);
    [[nodiscard]] static bool repeats(PluginHost& host, const Probe& probe,
                                      const std::string& hash);
    [[nodiscard]] std::string play_in_child(Session& session, const Probe& probe, Verdict& verdict);
    [[nodiscard]] bool needs_threads(Session& session, const Record& job,
                                     std::chrono::milliseconds timeout);
    [[nodiscard]] int program_number(Session& session, const std::string& name);
    [[nodiscard]] std::unique_ptr<PluginHost> start(Session& session, Answering answering);
    [[nodiscard]] PluginHost& standing_host(Session& session);
    [[nodiscard]] JobOutput output_of(const Record& job, std::chrono::milliseconds timeout);
    [[nodiscard]] Record render_in_fresh_process(Session& session, const Record& job,
                                                 std::chrono::milliseconds timeout,
                                                 const HeardFiles& heard);
    [[nodiscard]] Record render_in(Session& session, const Record& job,
                                   std::chrono::milliseconds timeout, const HeardFiles& heard);
    template <typename Result>
    [[nodiscard]] Result within_time(const RenderJob& job,
                                     std::function<Result(const std::stop_token&)> read);
    // What is on the disk for a job, whose output_path is then as the limits have it.
    struct Sight {
        RenderJob job;
        std::optional<Record> known = {};  // if the name decides; an empty one if no note is there
        JobFiles files = {};
    };
    [[nodiscard]] Sight look_at(const RenderJob& job);
    [[nodiscard]] std::optional<Error> lack_of_plugin(const RenderJob& job) const;
    // What an earlier run noted in the job's file, if the job may be skipped for it.
    [[nodiscard]] std::optional<Record> result_at_hand(const RenderJob& job,
                                                       const std::string& made_from);
    static void skip(Record& record, const Record& known);
    [[nodiscard]] std::chrono::milliseconds timeout_of(const RenderJob& job) const;

    RendererSettings settings_;
    TimeLimit time_limit_;
    std::vector<std::unique_ptr<Session>> sessions_;  // the one used last comes last
};

}  // namespace patchpipe
