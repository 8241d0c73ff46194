// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Measures plug-ins, each in a process of its own: how they answer an impulse, a step, tones,
// silence or notes, how long they take, and what they call meanwhile. Writes a record for each.

#include <unistd.h>
#include <chrono>
#include <cmath>
#include <optional>
#include <set>

#include "base/error.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "file/absolute.h"
#include "job/host_environment.h"
#include "job/measurer.h"
#include "job/plugin_handler.h"
#include "job/sandbox_options.h"
#include "plugin/dsp_operand.h"
#include "record/filter.h"
#include "record/record_loop.h"
#include "record/record_stream.h"
#include "record/stream.h"

using namespace patchpipe;

namespace {

struct Options {
    MeasureSettings settings;
    bool faust_protocol = false;
    std::vector<std::string> plugins;
};

double from_decibels(double decibels) { return std::pow(10, decibels / 20); }

// A job is that of another plug-in or of the one of -p, not of each record's own.
void check_against(const MeasureSettings& settings) {
    if (!settings.against.starts_with('{') || is_dsp_operand(settings.against)) return;
    try {
        const Record job(settings.against);
        if (job.raw("plugin_path") || job.raw("chain") || !settings.plugin.empty()) return;
    } catch (const Error& error) {
        throw UsageError("--against: is no job: " + std::string(error.what()));
    }
    throw UsageError("--against: the job has no plug-in; give it a plugin_path, or give -p");
}

Options parse_options(int argc, char** argv) {
    Options options;
    auto& settings = options.settings;
    double timeout = default_load_timeout.count();  // seconds
    double level_db = 0, tone_level_db = -1;
    std::string protocol = "patchpipe";
    std::optional<std::string> home, folder, against;
    SandboxOptions sandbox;
    CommandLine line("plugin-measure", "[OPTION]... [PLUGIN]...",
                     "Measures plug-ins: responses, distortion, latency, noise, time and more.",
                     "plugin-measure /usr/lib/vst/*.so | jq -c '[.plugin, .thd_db, .locks]'");
    line.text("p,plugin", "PLUGIN", settings.plugin, "the plug-in of records without plugin_path");
    line.text("against", "PLUGIN", against,
              "compare with this one, or with a job, by the same signal");
    line.text("npy", "DIR", folder, "write the curves, into a folder for each plug-in");
    line.whole_number("r,sample-rate", "HZ", settings.sample_rate, 1000, 768000,
                      "default 44100, or the record's");
    line.whole_number("b,block-size", "FRAMES", settings.block_size, 1, 65536,
                      "default 512, or the record's");
    line.number("length", "SECONDS", settings.signals.length, 0.001, 60,
                "of the impulse, the step, silence and noise; default 1");
    line.number("level", "DB", level_db, -100, 20, "of the impulse and the step; default 0");
    line.number("tone", "HZ", settings.signals.tone, 20, 20000,
                "the tone; default 997, or a quarter of a low rate");
    line.number("tone-level", "DB", tone_level_db, -100, 20,
                "of the tone and of the sweep; default -1");
    line.number("settle", "SECONDS", settings.signals.settling, 0, 60,
                "of a tone or note before what is looked at; default 0.5");
    line.choice("protocol", protocol, {"patchpipe", "faust"},
                "faust: print what the Faust compiler's impulse test prints");
    line.number("timeout", "SECONDS", timeout, 0.001, 1e6,
                "for loading and for each signal; default 60");
    line.text("home", "DIR", home, "the folder that plug-ins see as your home, instead of it");
    sandbox.declare(line);
    line.flag("v,verbose", settings.host.plugin_output,
              "let what plug-ins print through to stderr");
    options.plugins = line.parse(argc, argv);
    settings.operands = !options.plugins.empty();
    options.faust_protocol = protocol == "faust";
    if (options.faust_protocol && (folder || against))
        throw UsageError("--protocol faust: prints no record; it goes without --npy and --against");
    if (options.faust_protocol && (settings.sample_rate || settings.block_size))
        throw UsageError("--protocol faust: is at 44100 Hz in blocks of 64; leave out -r and -b");
    if (options.faust_protocol && options.plugins.empty())
        throw UsageError("--protocol faust: takes plug-ins as operands; name one");
    if (against && against->empty())
        throw UsageError("--against: has no name; name a plug-in, or leave it out");
    settings.against = against.value_or("");
    check_against(settings);
    settings.signals.level = from_decibels(level_db);
    settings.signals.tone_level = from_decibels(tone_level_db);
    if (folder) settings.folder = output_folder("--npy", *folder);
    settings.host.load_timeout =
        std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>(timeout));
    settings.host.home = host_home(home);
    settings.host.sandbox = sandbox.settings(settings.host.home);
    settings.host.max_memory = sandbox.max_memory();
    return options;
}

class PluginMeasure {
 public:
    explicit PluginMeasure(const Options& options)
        : measurer_(options.settings),
          inside_(options.settings.host.sandbox.mode != SandboxMode::off && sandbox_available()) {}

    void measure(Record& record) {
        measurer_.measure(record);
        warn_if_outside(record);
    }

    [[nodiscard]] std::string faust_response(const std::string& plugin) {
        Record job("{}");
        job.set("plugin_path", plugin);
        auto response = measurer_.faust_response(job);
        warn_if_outside(job);
        return response;
    }

 private:
    void warn_if_outside(const Record& record) {
        if (!inside_ || !measurer_.was_outside()) return;
        const auto plugin = record.text("plugin_path").value_or("");
        if (outside_.insert(plugin).second) warn(outside_warning(plugin));
    }

    Measurer measurer_;
    bool inside_;
    std::set<std::string> outside_;
};

// Text instead of records, so errors go to standard error. A response is printed whole or not at
// all.
ExitStatus print_responses(PluginMeasure& tool, const std::vector<std::string>& plugins) {
    LineWriter out(STDOUT_FILENO);
    auto status = ExitStatus::ok;
    for (const auto& plugin : plugins) try {
            out.write(tool.faust_response(plugin));
            out.flush();
        } catch (const Error& error) {
            warn(error.what());
            status = ExitStatus::some_failed;
        }
    return status;
}

ExitStatus measure_operands(PluginMeasure& tool, const std::vector<std::string>& plugins) {
    RecordWriter out(STDOUT_FILENO);
    const auto write = [&](const Record& record) {
        out.write(record);
        out.flush();  // the next plug-in may take a minute
    };
    const bool all = take_operands(
        plugins, "plugin_path", "plug-in", [&](Record& record) { tool.measure(record); }, write,
        warn);
    return all ? out.status() : ExitStatus::some_failed;
}

ExitStatus run(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    require_system();
    if (options.plugins.empty()) refuse_terminal_input("jobs");
    if (const auto text = missing_sandbox(options.settings.host.sandbox)) warn(*text);
    PluginMeasure tool(options);
    if (options.faust_protocol) return print_responses(tool, options.plugins);
    if (!options.plugins.empty()) return measure_operands(tool, options.plugins);
    return filter([&](Record& record, RecordWriter& out) {
        tool.measure(record);
        out.write(record);
        out.flush();  // the next plug-in may take a minute
    });
}

}  // namespace

int main(int argc, char** argv) {
    serve_if_host(argc, argv);
    return run_tool("plugin-measure", [&] { return run(argc, argv); });
}
