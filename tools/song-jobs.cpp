// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Makes the jobs of a song: one for each track, folder, bus and take with effects, after it has
// listed all plug-ins and media that are missing.

#include <unistd.h>
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/number.h"
#include "base/words.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "file/absolute.h"
#include "file/content_hash.h"
#include "file/output.h"
#include "file/whole_file.h"
#include "job/host_environment.h"
#include "job/plugin_handler.h"
#include "job/plugin_host.h"
#include "job/sandbox_options.h"
#include "plugin/id_cache.h"
#include "plugin/opener.h"
#include "record/filter.h"
#include "record/record_stream.h"
#include "song/plugin_registry.h"
#include "song/song_file.h"
#include "song/song_model.h"
#include "song/unfollowed.h"
#include "songjobs/chain_plan.h"
#include "songjobs/jobs_makefile.h"
#include "songjobs/song_jobs.h"
#include "songmix/render_settings.h"

using namespace patchpipe;

namespace {

struct Options {
    std::string folder, song = "-", tail = "auto";
    std::vector<std::string> plugin_folders, registries, named_plugins;
    std::optional<std::int64_t> stage, sample_rate;
    std::optional<std::string> makefile;
    SandboxSettings sandbox = {};
    bool allow_missing = false, allow_song_plugins = false, refuse_record_plugins = false;
};

// As it stands in a job.
std::string tail_json(const std::string& tail) {
    constexpr double longest = 86400;
    if (tail == "auto") return json_text(tail);
    const auto seconds = parse_number(tail);
    if (seconds && *seconds >= 0 && *seconds <= longest) return json_number(*seconds);
    throw UsageError("--tail: must be auto, or 0 to 86400 seconds, is " + tail);
}

// What is written has the names of these, also where the song is.
void check_song_is_kept(const Options& options) {
    const auto song = options.song == "-" ? "/dev/stdin" : options.song;
    for (const auto* const name : {"/song.ndjson", "/tempo.mid", "/mix.json"})
        if (const auto path = options.folder + name; same_regular_file(song, path))
            throw UsageError("-o: " + path +
                             " is the song, which would be lost; name another folder");
    if (options.makefile && same_regular_file(song, *options.makefile))
        throw UsageError("--make: " + printable(*options.makefile) +
                         " is the song, which would be lost; name another file");
}

Options parse_options(int argc, char** argv) {
    Options options;
    std::optional<std::string> folder;
    SandboxOptions sandbox;
    CommandLine line("song-jobs", "-o DIR [OPTION]... [SONG]",
                     "Makes a render-one job of each track, folder, bus and take with effects.",
                     "song-jobs -o work a.rpp | render-one | song-mix --project a.rpp -o a.wav");
    line.text("o,output", "DIR", folder, "the folder for MIDI files, states, inputs and stems");
    line.whole_number("s,stage", "NUMBER", options.stage, 1, 1'000'000,
                      "only the jobs of this stage, which need the stems of those before");
    line.text("m,make", "FILE", options.makefile,
              "write a Makefile that renders the jobs and mixes them; - is standard output");
    line.flag("allow-missing", options.allow_missing, "leave out what is missing, and go on");
    line.texts("plugin-path", "DIR", options.plugin_folders,
               "look for VST plug-ins here first; repeatable");
    line.flag("allow-song-plugins", options.allow_song_plugins,
              "load plug-ins that lie in the song's folder, too");
    line.texts("allow-plugin", "PLUGIN", options.named_plugins,
               "load this one wherever it lies; repeatable");
    line.flag("no-record-plugins", options.refuse_record_plugins,
              "load no other plug-in than those, and the registries'");
    line.texts("registry", "FILE", options.registries,
               "plug-ins that records name by \"plugin\" and \"role\"; repeatable");
    line.text("t,tail", "SECONDS", options.tail,
              "behind the end of the song; default auto, until the sound has died away");
    line.whole_number("r,sample-rate", "HZ", options.sample_rate, 1000, 768000,
                      "default that of the song, or 44100");
    sandbox.declare_reading(line);
    const auto songs = line.parse(argc, argv);
    if (songs.size() > 1) throw UsageError("takes one SONG; make the jobs of each by itself");
    if (!songs.empty()) options.song = songs.front();
    if (!folder || folder->empty()) throw UsageError("-o DIR is missing: the folder for the files");
    options.folder = output_folder("-o", *folder);
    options.tail = tail_json(options.tail);
    options.sandbox = sandbox.settings("");
    if (sandbox_available()) options.sandbox.mode = SandboxMode::on;
    if (options.makefile && options.song == "-")
        throw UsageError("--make reads the song again, so it cannot come from a pipe; name a file");
    if (options.makefile && options.stage)
        throw UsageError("--make writes the jobs of all stages; leave out --stage");
    check_song_is_kept(options);
    return options;
}

// A song by hand may have no record of its own; its files are then meant from the current folder.
void add_song_record(SongModel& song, std::optional<Record> record) {
    if (!record) record.emplace(R"({"type":"song"})");
    if (!record->raw("path")) record->set("path", working_folder() + "/song");
    song.add(*record);
}

// Its error records go out as they are. Returns nothing if there was one.
std::optional<SongModel> read_song(Options& options, RecordWriter& out) {
    const auto registry = read_registries(options.registries);
    SongModel song;
    bool good = true, begun = false;
    read_song_file(options.song, {.only_known = true, .states = {}}, [&](std::string_view line) {
        const Record record(line);
        if (record.is_error()) {
            good = false;
            return out.write(record);
        }
        const bool is_song = record.text("type") == "song";
        if (is_song || !begun)
            add_song_record(song, is_song ? std::optional(record) : std::nullopt);
        begun = true;
        if (is_song) return;
        if (record.text("type") != "fx") return song.add(record);
        const auto complete = registry.complete(record);
        if (complete.raw("plugin_path") != record.raw("plugin_path"))
            options.named_plugins.push_back(complete.path("plugin_path").value_or(""));
        song.add(complete);
    });
    out.flush();
    if (!good) return {};
    song.check();
    if (song.song().text("content").value_or("project") == "chain")
        refuse_unsupported(options.song, "is a chain of effects without a track; put it on one");
    return song;
}

// What plug-ins may read, for the ids that are kept.
std::string what_is_shown(const SandboxSettings& sandbox) {
    if (sandbox.mode == SandboxMode::off || !sandbox.hide_home) return "all";
    std::string shown = "the system";
    for (const auto* const list : {&sandbox.readable, &sandbox.listed})
        for (const auto& path : *list) shown += "\n" + path;
    return shown;
}

std::optional<std::string> identify(const std::string& plugin, const SandboxSettings& sandbox) try {
    const auto source = find_source(plugin);
    const auto circumstances = what_is_shown(sandbox);
    if (const auto kept = kept_plugin_id(source, circumstances)) return kept;
    HostSettings settings;
    settings.sandbox = sandbox;
    settings.plugin_path = source.identifier;
    settings.answering = Answering::itself;
    const auto id = PluginHost(settings).describe({}).text("plugin_id");
    if (id) keep_plugin_id(source, circumstances, *id);
    return id;
} catch (const Error&) {
    return {};
}

// The song without notes, in which nothing is missing: what is mixed.
std::string write_song(const SongModel& song, const WorkFolder& folder) {
    std::string text = song.song().line() + "\n";
    for (const auto* const list : {&song.tempos(), &song.signatures(), &song.markers()})
        for (const auto& record : *list) text += record.line() + "\n";
    for (const auto& id : song.things()) {
        auto record = *song.find(id);
        record.remove("state");
        text += record.line() + "\n";
        for (const auto& more : song.more(id)) text += more + "\n";
    }
    WorkFolder::keep(folder.path() + "/song.ndjson", text);
    return text;
}

// Nothing is rendered while something is missing.
ChainPlan plan(const Options& options, SongModel& song, RecordWriter& out) {
    PluginFinder finder(
        {.folders = options.plugin_folders,
         .song_folder = parent_folder(song.file_path("song")),
         .allow_song_folder = options.allow_song_plugins,
         .refuse_songs = options.refuse_record_plugins,
         .named = options.named_plugins},
        [&](const std::string& plugin) { return identify(plugin, options.sandbox); });
    auto plan = plan_chains(song, Routing(song), finder);
    for (const auto& error : unfollowed(song, Routing(song)))
        plan.missing.push_back(error_record(error));
    if (!options.allow_missing)
        for (const auto& record : plan.missing) out.write(record);
    if (options.allow_missing && !plan.missing.empty()) {
        for (const auto& record : plan.missing)
            warn("left out: " + record.text("error").value_or(""));
        leave_out_missing(song, plan);
        plan = plan_chains(song, Routing(song), finder);
    }
    for (const auto& text : plan.warnings) warn(text);
    return plan;
}

void write_makefile(const Options& options, int argc, char** argv, const std::vector<Record>& jobs,
                    const WorkFolder& folder, const MakefileSettings& settings) {
    auto complete = settings;
    if (options.makefile != "-") {
        complete.command.assign(argv, argv + argc);
        complete.folder = working_folder();
    }
    const auto text = jobs_makefile(jobs, folder, complete);
    if (options.makefile == "-") return write_output("-", text);
    WorkFolder::keep(absolute_path(*options.makefile), text);
}

ExitStatus run(int argc, char** argv) {
    auto options = parse_options(argc, argv);
    if (options.song == "-") refuse_terminal_input("the song's records");
    require_system();
    RecordWriter out(STDOUT_FILENO);
    auto song = read_song(options, out);
    if (!song) return ExitStatus::some_failed;
    const auto chains = plan(options, *song, out).chains;
    out.flush();
    if (out.status() != ExitStatus::ok) return out.status();
    const WorkFolder folder(options.folder);
    const Routing routing(*song);
    const auto text = write_song(*song, folder);
    const SongJobSettings settings{
        .sample_rate = static_cast<int>(options.sample_rate.value_or(song_sample_rate(*song))),
        .tail = options.tail,
        .song_path = folder.path() + "/song.ndjson"};
    const auto jobs = song_jobs(*song, routing, chains, folder, settings);
    if (options.makefile)
        write_makefile(options, argc, argv, jobs, folder,
                       {.folder = {},
                        .command = {},
                        .song_path = settings.song_path,
                        .sample_rate = settings.sample_rate,
                        .song_hash = content_hash(text + files_hash(song_media(*song, routing)))});
    for (const auto& job : jobs)
        if (!options.makefile && (!options.stage || job.integer("stage") == *options.stage))
            out.write(job);
    out.flush();
    return out.status();
}

}  // namespace

int main(int argc, char** argv) {
    serve_if_host(argc, argv);
    return run_tool("song-jobs", [&] { return run(argc, argv); });
}
