// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Takes a plug-in, writes its own programs as preset files, gives one record a file.

#include <fcntl.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/json.h"
#include "cli/number_list.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "file/absolute.h"
#include "file/whole_file.h"
#include "job/host_environment.h"
#include "juce/juce_runtime.h"
#include "names/sanitise.h"
#include "record/filter.h"
#include "render/instrument.h"
#include "shown/clock.h"

using namespace patchpipe;

namespace {

struct Options {
    std::string plugin, output_dir, home;
    std::optional<std::string> programs;
    bool verbose = false;
};

Options parse_options(int argc, char** argv) {
    Options options;
    std::optional<std::string> home;
    CommandLine line("preset-export", "-o DIR [OPTION]... PLUGIN",
                     "Writes a plug-in's own programs as preset files.",
                     "preset-export -o presets --programs 0-127 amsynth_vst.so");
    line.text("o,output-dir", "DIR", options.output_dir, "the folder for the files");
    line.text("programs", "LIST", options.programs, "only these, counted from 0: 0-127,200");
    line.text("home", "DIR", home, "the folder that the plug-in sees as your home");
    line.flag("v,verbose", options.verbose, "let what the plug-in prints through to stderr");
    const auto operands = line.parse(argc, argv);
    if (operands.size() != 1) throw UsageError("takes one operand, the plug-in");
    if (options.output_dir.empty()) throw UsageError("-o: is missing; name the folder to write to");
    options.plugin = operands[0];
    options.home = host_home(home);
    return options;
}

// Plug-ins may print what they like, but neither among the records nor, unless it is wanted, among
// our messages. Standard error comes back when this goes.
class PluginOutput {
 public:
    explicit PluginOutput(bool wanted)
        : records_(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)),
          messages_(fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)) {
        const Descriptor null(open("/dev/null", O_WRONLY | O_CLOEXEC));
        if (!wanted) dup2(null.get(), STDERR_FILENO);
        dup2(STDERR_FILENO, STDOUT_FILENO);
    }
    ~PluginOutput() { dup2(messages_.get(), STDERR_FILENO); }
    PluginOutput(const PluginOutput&) = delete;
    PluginOutput& operator=(const PluginOutput&) = delete;

    [[nodiscard]] int records() const { return records_.get(); }

 private:
    Descriptor records_, messages_;
};

// "0007 Warm Pad.fxp": the number keeps the plug-in's order, and two programs of one name apart.
std::string export_name(int program, const std::string& name, const std::string& suffix) {
    auto number = std::to_string(program);
    number.insert(0, 4 - std::min<std::size_t>(4, number.size()), '0');
    const auto stem = sanitised(name, Alphabet::unicode);
    return number + (stem.empty() ? "" : " " + stem) + suffix;
}

void export_program(Instrument& instrument, int program, const std::string& folder,
                    RecordWriter& out) {
    instrument.select_program(program);
    const auto name = instrument.program_name(program);  // some know only the selected one's
    const auto path = folder + "/" + export_name(program, name, instrument.preset_suffix());
    write_whole_file(path, instrument.save_preset(name));
    Record record("{}");
    record.set("preset_path", json_text(path));
    record.set("preset_format", json_text(instrument.preset_suffix().substr(1)));
    record.set("preset_name", json_text(name));
    record.set("program", json_number(std::int64_t{program}));
    out.write(record);
}

ExitStatus run(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    const auto folder = output_folder("-o", options.output_dir);
    const auto file = find_plugin(options.plugin);
    set_host_environment(options.home);
    const PluginOutput streams(options.verbose);
    RecordWriter out(streams.records());
    show_host_clock();
    start_juce();
    constexpr int sample_rate = 44100, block_size = 512;
    // Never taken down: many plug-ins crash in their destructors, and all is written by then.
    Instrument& instrument = *open_instrument(file, sample_rate, block_size).release();

    const int last = instrument.program_count() - 1;
    if (last < 0)
        throw Error(ErrorKind::unsupported, options.plugin,
                    "has no programs to export; save its sounds as presets from a host");
    const auto all = "0-" + std::to_string(last);
    const auto programs = parse_number_list("--programs", options.programs.value_or(all), 0, last);
    for (const int program : programs) export_program(instrument, program, folder, out);
    out.flush();
    return out.status();
}

}  // namespace

int main(int argc, char** argv) {
    const int status = run_tool("preset-export", [&] { return run(argc, argv); });
    _exit(status);  // nor at the exit: its library has destructors too
}
