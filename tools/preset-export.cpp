// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Saves a plug-in's own programs, or the sounds of jobs, as preset files, and writes a record for
// each file.

#include <unistd.h>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "base/json.h"
#include "catalog/preset_formats.h"
#include "cli/number_list.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "file/absolute.h"
#include "file/whole_file.h"
#include "job/host_environment.h"
#include "job/player_options.h"
#include "job/plugin_handler.h"
#include "job/plugin_host.h"
#include "job/preset_saver.h"
#include "job/sandbox_options.h"
#include "names/sanitise.h"
#include "plugin/opener.h"
#include "record/filter.h"
#include "record/record_stream.h"

using namespace patchpipe;

namespace {

struct Options {
    std::optional<std::string> output_dir, programs, plugin;
    RendererSettings settings;
};

HostSettings host_settings(const Options& options) {
    const auto& settings = options.settings;
    HostSettings host{.plugin_path = find_source(*options.plugin).identifier,
                      .answering = Answering::itself,
                      .home = settings.home,
                      .plugin_output = settings.plugin_output,
                      .sandbox = settings.sandbox,
                      .max_memory = settings.max_memory};
    if (settings.timeout)
        host.load_timeout = std::chrono::ceil<std::chrono::milliseconds>(
            std::chrono::duration<double>(*settings.timeout));
    return host;
}

// With an operand the plug-in's own programs are saved, without one the sounds of jobs.
void check_combination(const Options& options) {
    const bool has_players = !options.settings.plugins.empty() || !options.settings.plugin.empty();
    if (!options.plugin) {
        if (options.programs)
            throw UsageError("--programs: is for the programs of a PLUGIN; name one");
        return;
    }
    if (!options.output_dir) throw UsageError("-o DIR is missing: the folder for the files");
    if (has_players || options.settings.require_change)
        throw UsageError(std::string(has_players ? "--plugin and the like" : "--require-change") +
                         ": for the jobs on standard input, which are not read with a PLUGIN");
}

Options parse_options(int argc, char** argv) {
    Options options;
    auto& settings = options.settings;
    std::optional<std::string> home;
    std::string isolation = "auto";
    PlayerOptions players;
    SandboxOptions sandbox;
    CommandLine line("preset-export", "-o DIR [OPTION]... PLUGIN | [-o DIR] [OPTION]...",
                     "Saves a plug-in's own programs, or the sounds of jobs, as preset files.",
                     "preset-export -o presets --programs 0-127 /usr/lib/vst/amsynth_vst.so");
    line.text("o,output-dir", "DIR", options.output_dir, "the folder for the files");
    line.text("programs", "LIST", options.programs, "only these, counted from 0: 0-127,200");
    players.declare(line);
    line.choice("isolation", isolation, {"auto", "snapshot", "fork", "process"},
                "what jobs share of a loaded plug-in");
    line.flag("require-change", settings.require_change,
              "a preset that changes nothing is an error");
    line.number("timeout", "SECONDS", settings.timeout, 0.001, 1e6,
                "for loading and for each program or job; default 60");
    line.text("home", "DIR", home, "the folder that the plug-in sees as your home");
    sandbox.declare(line);
    line.flag("v,verbose", settings.plugin_output, "let what the plug-in prints through to stderr");
    const auto operands = line.parse(argc, argv);
    if (operands.size() > 1) throw UsageError("takes one operand, the plug-in");
    if (!operands.empty()) options.plugin = operands[0];
    if (options.output_dir && options.output_dir->empty())
        throw UsageError("-o: is empty; write -o . for this one");
    settings.isolation = *isolation_named(isolation);
    players.take_into(settings);
    check_combination(options);
    settings.home = host_home(home);
    settings.sandbox = sandbox.settings(settings.home);
    settings.max_memory = sandbox.max_memory();
    return options;
}

// The plug-in's process. If a program ends it, the next program gets a new one.
class Exporter {
 public:
    explicit Exporter(const HostSettings& settings)
        : settings_(settings), host_(std::make_unique<PluginHost>(settings)) {}

    PluginHost& host() {
        if (host_->ended()) {
            host_ = std::make_unique<PluginHost>(settings_);
            used_ = false;
        }
        return *host_;
    }

    // The process may die of a program before this one: then this one is tried on its own.
    ExportedProgram program(int number) {
        auto& process = host();
        const bool was_used = std::exchange(used_, true);
        try {
            return process.export_program(number);
        } catch (const Error& error) {
            if (!was_used || !process.ended() || error.kind() != ErrorKind::crash) throw;
        }
        auto& fresh = host();
        used_ = true;
        return fresh.export_program(number);
    }

 private:
    HostSettings settings_;
    std::unique_ptr<PluginHost> host_;
    bool used_ = false;  // for another program
};

Record export_program(Exporter& exporter, int program, const std::string& folder) {
    const auto exported = exporter.program(program);
    const auto name = numbered_name(static_cast<std::size_t>(program), exported.name);
    const auto path = saved_path(folder, name, exported.suffix);
    write_whole_file(path, exported.bytes);
    Record record("{}");
    finish_preset(record, path, preset_format(path).value_or(""));
    record.set("preset_name", exported.name);
    record.set("program", program);
    return record;
}

Record export_or_error(Exporter& exporter, int program, const std::string& folder) try {
    return export_program(exporter, program, folder);
} catch (const Error& error) {
    Record record("{}");
    record.set("program", program);
    record.set_error(error);
    return record;
}

// Once, and not for each program.
void make_folder(const std::string& path) {
    std::error_code why;
    std::filesystem::create_directories(path, why);
    if (why) throw Error(ErrorKind::io, path, "cannot be made: " + system_message(why.value()));
}

// The number comes from the plug-in.
int count_programs(PluginHost& host, const std::string& plugin) {
    constexpr int most_programs = 100000;
    const auto count = host.describe({}).integer("program_count").value_or(0);
    if (count < 1)
        throw Error(ErrorKind::unsupported, plugin,
                    "has no programs to export; save its sounds as presets from a host");
    if (count > most_programs)
        throw Error(ErrorKind::unsupported, plugin,
                    "reports " + std::to_string(count) + " programs, more than " +
                        std::to_string(most_programs) + "; this cannot be true");
    return static_cast<int>(count);
}

ExitStatus export_programs(const Options& options, const std::string& folder) {
    const auto host = host_settings(options);
    Exporter exporter(host);
    if (!exporter.host().sandboxed() && sandbox_available() &&
        host.sandbox.mode != SandboxMode::off)
        warn(outside_warning(host.plugin_path));

    const int last = count_programs(exporter.host(), host.plugin_path) - 1;
    const auto all = "0-" + std::to_string(last);
    const auto programs = parse_number_list("--programs", options.programs.value_or(all), 0, last);
    make_folder(folder);
    RecordWriter out(STDOUT_FILENO);
    for (const int program : programs) {
        out.write(export_or_error(exporter, program, folder));
        out.flush();  // its file is there already
    }
    return out.status();
}

ExitStatus export_jobs(Options options, const std::optional<std::string>& folder) {
    const bool inside = options.settings.sandbox.mode != SandboxMode::off && sandbox_available();
    options.settings.limits.jobs = stream_of_records();
    std::set<std::string> outside;
    PresetSaver saver(std::move(options.settings), folder);
    return filter([&](Record& record, RecordWriter& out) {
        saver.save(record);
        if (inside && saver.was_outside() && outside.insert(saver.plugin()).second)
            warn(outside_warning(saver.plugin()));
        out.write(record);
        out.flush();  // its file is there already
    });
}

ExitStatus run(int argc, char** argv) {
    auto options = parse_options(argc, argv);
    std::optional<std::string> folder;
    if (options.output_dir) folder = output_folder("-o", *options.output_dir);
    require_system();
    if (options.plugin)
        (void)find_source(*options.plugin);
    else
        check_players(options.settings);
    if (!options.plugin) refuse_terminal_input("jobs");
    if (const auto text = missing_sandbox(options.settings.sandbox)) warn(*text);
    return options.plugin ? export_programs(options, *folder)
                          : export_jobs(std::move(options), folder);
}

}  // namespace

int main(int argc, char** argv) {
    serve_if_host(argc, argv);
    return run_tool("preset-export", [&] { return run(argc, argv); });
}
