// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Loads each plug-in in a process of its own and writes a record that describes it.

#include <unistd.h>
#include <chrono>
#include <filesystem>

#include "base/json.h"
#include "base/real_time.h"
#include "base/utf8.h"
#include "base/words.h"
#include "catalog/detect.h"
#include "catalog/discover.h"
#include "catalog/lv2_record.h"
#include "catalog/preset_formats.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "file/absolute.h"
#include "job/certify.h"
#include "job/host_environment.h"
#include "job/plugin_handler.h"
#include "job/sandbox_options.h"
#include "job/verdict_cache.h"
#include "lv2/lv2_presets.h"
#include "plugin/dsp_operand.h"
#include "plugin/opener.h"
#include "record/filter.h"
#include "record/record_loop.h"

using namespace patchpipe;

namespace {

struct Options {
    bool parameters = false, programs = false, presets = false, certify = false, verbose = false;
    bool strict = false;  // warnings are errors
    bool real_clock = false;
    double timeout = default_load_timeout.count();  // seconds
    std::string home;                               // absolute; empty: the user's own
    SandboxSettings sandbox;
    std::optional<std::int64_t> max_memory;  // MiB
    std::vector<std::string> certify_with;   // files and folders
    std::optional<std::string> preset, preset_uri;
    std::vector<std::string> plugins;
};

Options parse_options(int argc, char** argv) {
    Options options;
    std::string clock = "fixed";
    std::optional<std::string> home;
    SandboxOptions sandbox;
    CommandLine line("plugin-probe", "[OPTION]... PLUGIN...",
                     "Loads each plug-in in a process of its own and describes it.",
                     "plugin-probe /usr/lib/vst/*.so | jq -r 'select(.is_instrument) | .name'");
    line.flag("parameters", options.parameters, "list the parameters");
    line.flag("programs", options.programs, "list the names of the programs");
    line.flag("presets", options.presets, "list the presets that are installed for an LV2");
    line.text("preset", "FILE", options.preset, "load this preset first");
    line.text("preset-uri", "URI", options.preset_uri, "the one that is meant in an LV2 bundle");
    line.flag("certify", options.certify, "find out whether render-one may use snapshots of it");
    line.texts("certify-with", "PATH", options.certify_with,
               "certify with these presets, a file or a folder; repeatable");
    line.flag("strict", options.strict, "make an error of a Faust program with warnings");
    line.choice("clock", clock, {"fixed", "real"}, "the time that plug-ins are shown");
    line.number("timeout", "SECONDS", options.timeout, 0.001, 1e6,
                "for loading and for each answer; default 60");
    line.text("home", "DIR", home, "the folder that plug-ins see as your home, instead of it");
    sandbox.declare(line);
    line.flag("v,verbose", options.verbose, "let what plug-ins print through to stderr");
    options.plugins = line.parse(argc, argv);
    if (options.plugins.empty()) throw UsageError("takes plug-ins as operands; name one");
    if (!options.certify_with.empty() && !options.certify)
        throw UsageError("--certify-with: goes with --certify");
    if (options.preset_uri && !options.preset) throw UsageError("--preset-uri: goes with --preset");
    options.real_clock = clock == "real";
    options.home = host_home(home);
    options.sandbox = sandbox.settings(options.home);
    options.max_memory = sandbox.max_memory();
    return options;
}

using Milliseconds = std::chrono::duration<double, std::milli>;

std::string trial_json(const Trial& trial) {
    Record fields("{}");
    fields.set("identical", trial.identical);
    fields.set_json("ms_per_job", trial.rendered > 0
                                      ? json_number(in_milliseconds(trial.time / trial.rendered))
                                      : "null");
    if (trial.error) fields.set("error", *trial.error);
    return fields.line();
}

// The verdict is of use without being kept; without a cache render-one probes for itself. A binary
// that took the place of the one with this hash meanwhile may have had a part in it.
void keep(const Source& source, const std::string& certified_hash, const Verdict& verdict) try {
    if (source_hash(source) != certified_hash)
        throw Error(
            ErrorKind::io, source.identifier,
            "was changed while it was certified; the verdict is not kept, certify it again");
    keep_verdict(certified_hash, verdict);
} catch (const Error& error) {
    warn(error.what());
}

// The presets among these files and folders that may be this plug-in's: its own format's. What is
// in an LV2 bundle says whose it is.
std::vector<CertifyPreset> find_presets(const std::vector<std::string>& paths,
                                        const Source& source) {
    std::vector<CertifyPreset> presets;
    const auto add = [&](const std::string& path, std::string_view preset_format) {
        if (player_of(preset_format) != source.kind) return;
        if (preset_format != "lv2") return presets.push_back({path});
        for (const auto& preset : lv2_presets_of_file(path))
            if (preset.plugin == source.part) presets.push_back({preset.path, preset.uri});
    };
    for (const auto& path : paths) {
        const auto absolute = absolute_path(path);
        if (std::error_code unseen; std::filesystem::is_directory(absolute, unseen))
            scan_folder(absolute, {},
                        {.found = add, .failed = [](const Error& error) { throw Error(error); }});
        else
            add(absolute, detect_preset_file(absolute));
    }
    if (presets.empty())
        throw Error(ErrorKind::not_found, "--certify-with",
                    "has no presets for " +
                        (source.kind == lv2_kind ? source.part : with_article(source.kind)));
    return presets;
}

void add_certificate(const Options& options, Record& record, const HostSettings& settings,
                     const Source& source, const std::vector<CertifyPreset>& presets) {
    const auto programs = static_cast<int>(record.integer("program_count").value_or(0));
    const auto hash = source_hash(source);
    const auto certificate = certify(settings, programs, presets);
    Record fields("{}");
    fields.set("jobs", certificate.jobs);
    fields.set_json("snapshot", trial_json(certificate.snapshot));
    fields.set_json("fork", trial_json(certificate.fork));
    fields.set_json("process", trial_json(certificate.process));
    fields.set_json("reuse", trial_json(certificate.reuse));
    record.set_json("certify", fields.line());
    const auto verdict = certificate.verdict();
    record.set("verdict", to_string(verdict.isolation));
    record.set("repeatable", verdict.repeatable);
    if (!options.real_clock) keep(source, hash, verdict);
}

// With the names of a record's fields, so that each makes a job.
std::string presets_json(const Source& source) {
    std::vector<std::string> presets;
    if (source.kind == lv2_kind)
        for (const auto& preset : lv2_presets_for(source.part))
            if (is_utf8(preset.path)) presets.push_back(lv2_record(preset).line());
    return "[" + joined(presets, ",") + "]";
}

// As a job that renders nothing has it loaded.
void load_preset(const Options& options, Record& record, PluginHost& host) {
    record.set("preset_path", absolute_path(*options.preset));
    if (options.preset_uri) record.set("preset_uri", *options.preset_uri);
    Record job = record;
    job.set("output_path", "/dev/null");
    host.load(job);
}

// The description stays in the record.
void refuse_warnings(const Record& record, const std::string& path) {
    const auto warnings = json_texts(record.raw("warnings").value_or("[]"));
    if (warnings.empty()) return;
    const auto count = warnings.size();
    throw Error(ErrorKind::plugin_load, path,
                "compiles with " + std::to_string(count) +
                    (count == 1 ? " warning: " : " warnings, the first: ") + warnings[0],
                ErrorPlace{.path = path});
}

void probe(const Options& options, const std::string& plugin, Record& record) {
    record.set_all(look_at(plugin));
    const auto source = find_source(plugin);
    record.set("plugin_path", source.identifier);
    std::vector<CertifyPreset> presets;
    if (!options.certify_with.empty()) presets = find_presets(options.certify_with, source);
    HostSettings settings{.plugin_path = source.identifier,
                          .home = options.home,
                          .plugin_output = options.verbose,
                          .real_clock = options.real_clock,
                          .sandbox = options.sandbox,
                          .max_memory = options.max_memory};
    settings.load_timeout = std::chrono::ceil<std::chrono::milliseconds>(
        std::chrono::duration<double>(options.timeout));
    settings.answering = Answering::itself;
    const auto start = std::chrono::steady_clock::now();
    PluginHost host(settings);
    const Milliseconds load_time = std::chrono::steady_clock::now() - start;
    if (!host.sandboxed()) {
        if (sandbox_available() && settings.sandbox.mode != SandboxMode::off)
            warn(outside_warning(plugin));
        settings.sandbox.mode = SandboxMode::off;
    }
    if (options.preset) load_preset(options, record, host);
    record.set_all(host.describe(
        {.parameters = options.parameters, .programs = options.programs, .details = true}));
    if (options.presets) record.set_json("presets", presets_json(source));
    record.set("binary_hash", binary_hash(source));
    record.set("load_ms", in_milliseconds(load_time));
    if (options.certify) add_certificate(options, record, settings, source, presets);
    if (options.strict) refuse_warnings(record, read_dsp_operand(source.identifier).path);
    record.set("status", "ok");
}

ExitStatus run(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    require_system();
    if (const auto text = missing_sandbox(options.sandbox)) warn(*text);
    RecordWriter out(STDOUT_FILENO);
    const auto write = [&](const Record& record) {
        out.write(record);
        out.flush();  // the next plug-in may take a minute
    };
    const bool all = take_operands(
        options.plugins, "plugin_path", "plug-in",
        [&](Record& record) { probe(options, record.text("plugin_path").value_or(""), record); },
        write, warn);
    return all ? out.status() : ExitStatus::some_failed;
}

}  // namespace

int main(int argc, char** argv) {
    serve_if_host(argc, argv);
    return run_tool("plugin-probe", [&] { return run(argc, argv); });
}
