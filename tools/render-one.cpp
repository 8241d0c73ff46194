// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Renders each job to an audio file and writes one result record per job.

#include <malloc.h>
#include <sys/prctl.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <optional>
#include <set>

#include "base/words.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "job/host_environment.h"
#include "job/job_operand.h"
#include "job/player_options.h"
#include "job/plugin_handler.h"
#include "job/renderer.h"
#include "job/result_fields.h"
#include "job/sandbox_options.h"
#include "record/field_spelling.h"
#include "record/record_loop.h"
#include "record/record_stream.h"
#include "record/shared_stream.h"

using namespace patchpipe;

namespace {

struct Options {
    RendererSettings settings;
    bool announce = false, strict = false;
    std::optional<std::int64_t> parent;
    std::vector<std::string> jobs;
};

Options parse_options(int argc, char** argv) {
    Options options;
    auto& settings = options.settings;
    PlayerOptions players;
    std::string isolation = "auto", skip_existing, clock = "fixed";
    std::optional<std::string> home, root;
    SandboxOptions sandbox;
    bool deterministic = false, no_sync = false;
    CommandLine line("render-one", "[OPTION]... [JOB]...",
                     "Renders jobs, records on standard input or operands, to audio files.",
                     "... | assign-paths -o out | render-one --fxp /usr/lib/vst/amsynth_vst.so");
    players.declare(line);
    line.choice("isolation", isolation, {"auto", "snapshot", "fork", "process", "reuse"},
                "what jobs share of a loaded plug-in");
    line.choice("clock", clock, {"fixed", "real"}, "the time that plug-ins are shown");
    line.number("timeout", "SECONDS", settings.timeout, 0.001, 1e6,
                "for a job; default 60 + 10 x its length");
    line.flag("deterministic", deterministic, "the default: all but --isolation reuse is");
    line.optional_choice("skip-existing", skip_existing, {"same", "name"},
                         "skip jobs whose file exists, made from the same, or of that name");
    line.flag("require-change", settings.require_change,
              "a preset that changes nothing is an error");
    line.flag("strict", options.strict, "a misspelt field is an error");
    line.flag("no-sync", no_sync, "do not wait until files are on the disk");
    line.text("output-root", "DIR", root, "jobs may write into this folder only");
    line.flag("no-record-plugins", settings.limits.refuse_record_plugins,
              "refuse jobs that name a plug-in");
    line.flag("announce", options.announce, "write every job when it begins, before its result");
    line.whole_number("parent", "PID", options.parent, 1, 4194304,
                      "end when the parent process PID ends");
    line.text("home", "DIR", home, "the folder that plug-ins see as your home, instead of it");
    sandbox.declare(line);
    line.flag("v,verbose", settings.plugin_output, "let what plug-ins print through to stderr");
    options.jobs = line.parse(argc, argv);

    if (!skip_existing.empty() && !options.jobs.empty() &&
        (options.jobs[0] == "name" || options.jobs[0] == "same"))
        throw UsageError("--skip-existing: write --skip-existing=" + options.jobs[0]);
    settings.isolation = *isolation_named(isolation);
    if (deterministic && settings.isolation == Isolation::reuse)
        throw UsageError("--deterministic and --isolation reuse exclude each other");
    settings.sync = !no_sync;
    settings.real_clock = clock == "real";
    if (!skip_existing.empty())
        settings.skip_existing = skip_existing == "name" ? SkipExisting::name : SkipExisting::same;
    players.take_into(settings);
    if (root) settings.limits.output_root = output_root(*root);
    settings.home = host_home(home);  // late, because it makes the folder
    settings.sandbox = sandbox.settings(settings.home);
    settings.max_memory = sandbox.max_memory();
    return options;
}

// For a driver that may be killed: SIGTERM when it has gone, or nothing at all if it went before.
void end_with_parent(pid_t parent) {
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0)
        throw UsageError("--parent: " + system_message(errno));
    if (getppid() != parent)
        throw UsageError("--parent: " + std::to_string(parent) +
                         " is not the process that started this one");
}

// A job operand may have several lines, but its record is one. Only once it is known to be JSON: no
// newline is in a string then.
std::string line_of(std::string job) try {
    if (job.find('\n') == job.npos) return job;
    (void)Record(job);
    std::replace(job.begin(), job.end(), '\n', ' ');
    return job;
} catch (const Error&) {
    return job;  // for the loop to refuse
}

class RenderOne {
 public:
    explicit RenderOne(const Options& options)
        : renderer_(options.settings),
          out_(STDOUT_FILENO, "standard output"),
          spelling_(options.strict, warn),
          announce_(options.announce),
          audio_to_stdout_(options.settings.limits.output_root.empty()),
          inside_(options.settings.sandbox.mode != SandboxMode::off && sandbox_available()) {}

    void render(Record& record) {
        render_and_warn(record);
        write(record);
    }

    // An error may be an earlier tool's.
    void write(const Record& record) {
        if (record.is_error()) status_ = ExitStatus::some_failed;
        writer_for(record).write(record.line());
    }

    [[nodiscard]] ExitStatus status() const { return status_; }

 private:
    void render_and_warn(Record& record) {
        forget_result(record);
        if (announce_) announce(record);
        spelling_.check(record);
        const auto named = record.text("preset_format");
        renderer_.render(record);
        warn_if_renamed(record, named);
        warn_if_not_repeatable(record);
        warn_if_outside(record);
    }

    // The event comes first, where render-presets looks for it.
    void announce(const Record& record) {
        auto begun = record;
        begun.remove("event");
        const auto fields = begun.line().substr(begun.line().find('{') + 1);
        const bool none = fields[fields.find_first_not_of(" \t\r\n")] == '}';
        writer_for(record).write("{\"event\":\"job_start\"" + std::string(none ? "" : ",") +
                                 fields);
    }

    // Where the audio goes to standard output, no record must be.
    SharedLineWriter& writer_for(const Record& record) {
        if (!audio_to_stdout_ || !audio_on_stdout(record)) return out_;
        if (!err_) err_.emplace(STDERR_FILENO, "standard error");
        return *err_;
    }

    static bool audio_on_stdout(const Record& record) try {
        return names_stdout(record.path("output_path").value_or(""));
    } catch (const Error&) {
        return false;
    }

    static void warn_if_renamed(const Record& record, const std::optional<std::string>& named) {
        const auto found = record.text("preset_format");
        if (!named || named == found) return;
        warn(record.text("preset_path").value_or("") + ": preset_format says " + *named +
             ", but the file is " + found.value_or("nothing known") + "; rendered as that");
    }

    // Once for each plug-in.
    void warn_if_not_repeatable(const Record& record) {
        if (record.flag("repeatable").value_or(true)) return;
        const auto plugin = renderer_.plugin_path(record);
        if (!said_of_.insert(plugin).second) return;
        warn(plugin +
             ": does not repeat: it gives other audio each time, so its records say "
             "repeatable: false");
    }

    void warn_if_outside(const Record& record) {
        if (!inside_ || record.flag("sandbox").value_or(true)) return;
        const auto plugin = renderer_.plugin_path(record);
        if (outside_.insert(plugin).second) warn(outside_warning(plugin));
    }

    std::set<std::string> said_of_, outside_;
    Renderer renderer_;
    SharedLineWriter out_;
    std::optional<SharedLineWriter> err_;
    FieldSpelling spelling_;
    bool announce_, audio_to_stdout_, inside_;
    ExitStatus status_ = ExitStatus::ok;
};

// malloc() raises its threshold after the first large block is freed. Later large records would
// come from the heap and leave holes there, so that the worker would grow with the jobs.
void keep_heap_small() {
    mallopt(M_MMAP_THRESHOLD, 1 << 17);
    mallopt(M_TRIM_THRESHOLD, 1 << 19);
}

ExitStatus run(int argc, char** argv) {
    keep_heap_small();
    auto options = parse_options(argc, argv);
    if (options.jobs.empty()) options.settings.limits.jobs = stream_of_records();
    if (options.parent) end_with_parent(static_cast<pid_t>(*options.parent));
    for (const auto& job : options.jobs) refuse_file_as_job(job);
    require_system();
    check_players(options.settings);
    if (options.jobs.empty()) refuse_terminal_input("jobs");
    if (const auto text = missing_sandbox(options.settings.sandbox)) warn(*text);
    RenderOne tool(options);
    RecordLoop loop([&](Record& record) { tool.render(record); },
                    [&](const Record& record) { tool.write(record); });
    for (const auto& job : options.jobs) loop.take(line_of(job), false);
    if (!options.jobs.empty()) return tool.status();
    SharedLineReader in(STDIN_FILENO);
    while (const auto line = in.next()) loop.take(*line, in.cut());
    return tool.status();
}

}  // namespace

int main(int argc, char** argv) {
    serve_if_host(argc, argv);
    return run_tool("render-one", [&] { return run(argc, argv); });
}
