// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Saves a plug-in's own programs as preset files and writes a record for each file.

#include <unistd.h>
#include <chrono>
#include <filesystem>
#include <memory>
#include <utility>

#include "base/json.h"
#include "cli/number_list.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "file/absolute.h"
#include "file/whole_file.h"
#include "job/host_environment.h"
#include "job/plugin_handler.h"
#include "job/plugin_host.h"
#include "job/sandbox_options.h"
#include "names/sanitise.h"
#include "plugin/opener.h"
#include "record/filter.h"

using namespace patchpipe;

namespace {

struct Options {
    std::string output_dir;
    std::optional<std::string> programs;
    HostSettings host;
};

Options parse_options(int argc, char** argv) {
    Options options;
    std::optional<std::string> home;
    double timeout = default_load_timeout.count();  // seconds
    SandboxOptions sandbox;
    CommandLine line("preset-export", "-o DIR [OPTION]... PLUGIN",
                     "Writes a plug-in's own programs as preset files.",
                     "preset-export -o presets --programs 0-127 /usr/lib/vst/amsynth_vst.so");
    line.text("o,output-dir", "DIR", options.output_dir, "the folder for the files");
    line.text("programs", "LIST", options.programs, "only these, counted from 0: 0-127,200");
    line.number("timeout", "SECONDS", timeout, 0.001, 1e6,
                "for loading and for each program; default 60");
    line.text("home", "DIR", home, "the folder that the plug-in sees as your home");
    sandbox.declare(line);
    line.flag("v,verbose", options.host.plugin_output,
              "let what the plug-in prints through to stderr");
    const auto operands = line.parse(argc, argv);
    if (operands.size() != 1) throw UsageError("takes one operand, the plug-in");
    if (options.output_dir.empty()) throw UsageError("-o DIR is missing: the folder for the files");
    auto& host = options.host;
    host.plugin_path = operands[0];
    host.answering = Answering::itself;
    host.home = host_home(home);
    host.sandbox = sandbox.settings(host.home);
    host.max_memory = sandbox.max_memory();
    host.load_timeout =
        std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>(timeout));
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
    const auto path = folder + "/" +
                      numbered_name(static_cast<std::size_t>(program), exported.name) +
                      exported.suffix;
    write_whole_file(path, exported.bytes);
    Record record("{}");
    record.set("preset_path", path);
    record.set("preset_format", exported.suffix.substr(1));
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
    const auto count = host.describe(false, false).integer("program_count").value_or(0);
    if (count < 1)
        throw Error(ErrorKind::unsupported, plugin,
                    "has no programs to export; save its sounds as presets from a host");
    if (count > most_programs)
        throw Error(ErrorKind::unsupported, plugin,
                    "reports " + std::to_string(count) + " programs, more than " +
                        std::to_string(most_programs) + "; this cannot be true");
    return static_cast<int>(count);
}

ExitStatus run(int argc, char** argv) {
    auto options = parse_options(argc, argv);
    const auto folder = output_folder("-o", options.output_dir);
    require_system();
    options.host.plugin_path = find_source(options.host.plugin_path).identifier;
    if (const auto text = missing_sandbox(options.host.sandbox)) warn(*text);
    Exporter exporter(options.host);
    if (!exporter.host().sandboxed() && sandbox_available() &&
        options.host.sandbox.mode != SandboxMode::off)
        warn(outside_warning(options.host.plugin_path));

    const int last = count_programs(exporter.host(), options.host.plugin_path) - 1;
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

}  // namespace

int main(int argc, char** argv) {
    serve_if_host(argc, argv);
    return run_tool("preset-export", [&] { return run(argc, argv); });
}
