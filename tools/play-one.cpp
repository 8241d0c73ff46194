// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Plays a plug-in live: events, records on standard input, to a sound device, a file or standard
// output. Writes a record for everything that happens.

#include <unistd.h>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "base/utf8.h"
#include "base/words.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "file/absolute.h"
#include "file/whole_file.h"
#include "job/host_environment.h"
#include "job/plugin_handler.h"
#include "job/sandbox_options.h"
#include "mix/format_options.h"
#include "play/devices.h"
#include "play/play_handler.h"
#include "play/player.h"
#include "plugin/opener.h"
#include "record/settings.h"
#include "record/stream.h"
#include "rtaudio/rtaudio_device.h"
#include "rtmidi/rtmidi_port.h"

using namespace patchpipe;

namespace {

struct Options {
    bool list = false;
    std::string device = "default";
    std::optional<std::string> output_path;  // if the device is a file
    std::string format;                      // of the file, or of standard output
    std::string bit_depth = text_setting(Record("{}"), "bit_depth");
    std::string plugin;
    std::optional<std::string> script;  // of reloads
    PlayerSettings player;

    [[nodiscard]] bool to_stdout() const { return device == "-"; }
};

int whole_setting(const std::optional<std::int64_t>& given, std::string_view key) {
    return given ? static_cast<int>(*given) : static_cast<int>(number_setting(Record("{}"), key));
}

std::unique_ptr<MidiPort> open_port(const std::string& name) {
    return name.find('/') == name.npos ? rtmidi_port(name) : midi_device(name);
}

struct ReloadOptions {
    bool watch = false;
    std::optional<std::string> build, sources, against;
    std::optional<double> fade, meters;
};

// What --watch and --script say together.
void choose_reloads(Options& options, const ReloadOptions& given, bool has_timeout) {
    const bool reloads = given.watch || options.script || given.against;
    if (given.watch && options.script)
        throw UsageError("--watch and --script: builds come by one of them");
    if (!reloads && given.fade)
        throw UsageError("--fade: goes with --watch, --script or --against");
    if (!reloads && given.meters)
        throw UsageError("--meters: goes with --watch, --script or --against");
    if (!given.watch && given.build) throw UsageError("--build: goes with --watch");
    if (given.sources && !given.build) throw UsageError("--sources: goes with --build");
    std::error_code none;
    if (given.sources && !std::filesystem::is_directory(*given.sources, none))
        throw UsageError("--sources: there is no folder " + readable(*given.sources));
    if (!reloads) return;
    auto& reload = options.player.reload.emplace();
    if (has_timeout) reload.hang = options.player.hang;
    reload.fade = given.fade.value_or(reload.fade);
    reload.meters = given.meters;
    reload.build = given.build;
    reload.against = given.against;
    if (!given.watch) reload.script.emplace();
    reload.sources = given.sources.value_or(reload.sources);
}

// What -d and -o say together.
void choose_device(Options& options, const std::optional<std::string>& device) {
    constexpr std::string_view file = "file:";
    if (device && options.output_path)
        throw UsageError("-d and -o: name a device or a file, not both");
    if (device && device->starts_with(file)) options.output_path = device->substr(file.size());
    if (options.output_path && options.output_path->empty())
        throw UsageError("-o: is empty; name a file");
    if (device) options.device = *device;
    if (options.output_path) options.device = "file";
    auto& player = options.player;
    if (options.output_path) player.read_ahead = true;
    if (player.read_ahead && !options.output_path && !options.to_stdout())
        throw UsageError("--read-ahead: a device with a clock does not wait; it is for -d -");
    if (player.capture && (options.output_path || options.to_stdout() || options.device == "null"))
        throw UsageError("--capture: is for sound devices; give a file with -i");
    if (player.capture && player.input_path)
        throw UsageError("--capture and -i: the plug-in hears one of them");
    if (player.loop_input && !player.input_path)
        throw UsageError("--loop-input: goes with -i FILE");
    if (player.loop_midi && !player.midi_path)
        throw UsageError("--loop-midi: goes with --midi FILE");
    if (player.open_port && player.read_ahead)
        throw UsageError("--midi-port: a file has no clock to play by; use -d - or a device");
    if (player.loop_midi && player.read_ahead && !player.seconds)
        throw UsageError("--loop-midi: into a file it has no end; say when with --seconds");
    player.records = options.to_stdout() ? STDERR_FILENO : STDOUT_FILENO;
}

// Which samples the audio is made of, in a file or on standard output.
void choose_format(Options& options) {
    const bool raw = options.format == "s16le" || options.format == "f32le";
    if (options.to_stdout() && !options.format.empty() && !raw)
        throw UsageError("--format: standard output gets s16le or f32le");
    if (!options.to_stdout() && raw)
        throw UsageError("--format: " + options.format + " is for standard output, -d -");
    const auto given = options.format.empty() || raw ? std::nullopt : std::optional(options.format);
    if (given || options.output_path)
        options.format = chosen_format(options.output_path.value_or(""), given);
}

// Of what is in records.
void check_utf8(std::string_view option, const std::optional<std::string>& text) {
    if (text && !is_utf8(*text))
        throw UsageError(std::string(option) + ": " + printable(*text) +
                         ": is not UTF-8, which a record requires; use another name");
}

Options parse_options(int argc, char** argv) {
    Options options;
    auto& player = options.player;
    std::optional<std::string> device, preset, home, midi_port;
    std::optional<std::int64_t> sample_rate, block_size, buffers, program;
    std::string clock = "fixed";
    std::optional<double> hang;
    ReloadOptions reloads;
    player.tail = number_setting(Record("{}"), "tail");
    SandboxOptions sandbox;
    CommandLine line(
        "play-one", "[OPTION]... PLUGIN", "Plays a plug-in live.",
        "echo '{\"type\":\"note\",\"note\":60}' | play-one /usr/lib/vst/amsynth_vst.so");
    line.flag("list", options.list, "list the sound devices and MIDI inputs");
    line.text("d,device", "NAME", device, "a sound device, null, file:PATH, or - (stdout)");
    line.text("o,output", "PATH", options.output_path, "write this file, not in real time");
    line.text("format", "NAME", options.format, "of the file; s16le or f32le on standard output");
    line.choice("bit-depth", options.bit_depth, {"16", "24", "32f"}, "of the file");
    line.whole_number("r,sample-rate", "HZ", sample_rate,
                      static_cast<std::int64_t>(setting("sample_rate").min),
                      static_cast<std::int64_t>(setting("sample_rate").max), "default 44100");
    line.whole_number("b,block-size", "FRAMES", block_size,
                      static_cast<std::int64_t>(setting("block_size").min),
                      static_cast<std::int64_t>(setting("block_size").max), "default 512");
    line.whole_number("buffers", "N", buffers, 1, 64, "blocks that are rendered ahead; default 3");
    line.number("seconds", "SECONDS", player.seconds, 0.001, 1e6, "end after so long");
    line.number("tail", "SECONDS", player.tail, 0, 1e6, "after the last event; default 1");
    line.flag("read-ahead", player.read_ahead, "let -d - wait for events, as a file does");
    line.text("i,input", "FILE", player.input_path, "audio that the plug-in hears");
    line.flag("loop-input", player.loop_input, "from its beginning again at its end");
    line.text("midi", "FILE", player.midi_path, "a MIDI file that is played too");
    line.flag("loop-midi", player.loop_midi, "again and again");
    line.text("midi-port", "NAME", midi_port, "a MIDI input, device or pipe that is played too");
    line.flag("capture", player.capture, "the plug-in hears the sound device");
    line.text("preset", "FILE", preset, "load this preset first");
    line.whole_number("program", "N", program, 0, 1000000, "select this program first");
    line.choice("clock", clock, {"fixed", "real"}, "the time that the plug-in is shown");
    line.flag("watch", reloads.watch, "go on with each new build of the plug-in");
    line.text("script", "FILE", options.script, "go on with these builds at these times");
    line.text("build", "COMMAND", reloads.build, "run this when a source file changes");
    line.text("sources", "DIR", reloads.sources, "the folder of the source files; default .");
    line.text("against", "PLUGIN", reloads.against, "another build, to compare with");
    line.number("fade", "SECONDS", reloads.fade, 0, 10, "from build to build; default 0.01");
    line.number("meters", "SECONDS", reloads.meters, 0.001, 1e6, "write the meters so often");
    line.number("timeout", "SECONDS", hang, 0.1, 1e6,
                "for a block, then it hangs; default 10, with --watch 1");
    line.text("home", "DIR", home, "the folder that the plug-in sees as your home");
    sandbox.declare(line);
    line.flag("v,verbose", player.host.plugin_output, "let what it prints through to stderr");
    const auto operands = line.parse(argc, argv);
    if (options.list ? !operands.empty() : operands.size() != 1)
        throw UsageError(options.list ? "--list: takes no plug-in"
                                      : "takes one operand, the plug-in");

    if (midi_port) player.open_port = [name = *midi_port] { return open_port(name); };
    choose_device(options, device);
    choose_format(options);
    check_utf8("-o", options.output_path);
    check_utf8("--preset", preset);
    check_utf8("--build", reloads.build);
    if (!options.list) options.plugin = operands[0];
    if (preset) player.sound.set("preset_path", absolute_path(*preset));
    if (program) player.sound.set("program", *program);
    if (hang)
        player.hang =
            std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>(*hang));
    player.buffers = static_cast<int>(buffers.value_or(3));
    auto& host = player.host;
    host.sample_rate = whole_setting(sample_rate, "sample_rate");
    host.block_size = whole_setting(block_size, "block_size");
    host.answering = Answering::itself;
    host.real_clock = clock == "real";
    host.home = host_home(home);
    host.sandbox = sandbox.settings(host.home);
    host.max_memory = sandbox.max_memory();
    choose_reloads(options, reloads, hang.has_value());
    return options;
}

AudioFormat file_format(const Options& options) {
    AudioFormat format;
    format.container = container_named(options.format);
    format.depth = depth_named(options.bit_depth);
    return format;
}

std::unique_ptr<Device> open_device(const Options& options, const DeviceSettings& settings) {
    if (options.output_path)
        return file_device(settings, *options.output_path, file_format(options));
    if (options.to_stdout())
        return stdout_device(settings, options.format == "f32le" ? AudioFormat::Depth::float32
                                                                 : AudioFormat::Depth::pcm16);
    if (options.device == "null") return null_device(settings);
    return rtaudio_device(settings, options.device);
}

ExitStatus list_devices() {
    LineWriter out(STDOUT_FILENO);
    for (const auto& device : rtaudio_devices()) out.write(device.line());
    for (const auto& port : rtmidi_ports()) out.write(port.line());
    out.flush();
    return ExitStatus::ok;
}

// The audio would replace what it is made from.
void refuse_input_as_output(const Options& options, const Source& plugin) {
    if (!options.output_path) return;
    const auto& player = options.player;
    auto read = plugin.files;
    for (const auto& path :
         {player.input_path, player.midi_path, options.script, player.sound.path("preset_path")})
        if (path) read.push_back(*path);
    for (const auto& path : read)
        if (same_regular_file(path, *options.output_path))
            throw UsageError("-o: " + printable(*options.output_path) +
                             ": is read for the audio, and would be lost; name another file");
}

ExitStatus run(int argc, char** argv) {
    auto options = parse_options(argc, argv);
    if (options.list) return list_devices();
    require_system();
    auto& player = options.player;
    const auto plugin = find_source(options.plugin);
    refuse_input_as_output(options, plugin);
    player.host.plugin_path = plugin.identifier;
    if (player.reload && player.reload->against)
        player.reload->against = find_source(*player.reload->against).identifier;
    if (const auto text = missing_sandbox(player.host.sandbox)) warn(*text);
    if (options.script)
        player.reload->script = read_reload_script(*options.script, player.host.sample_rate);
    player.depth =
        options.output_path ? depth_named(options.bit_depth) : AudioFormat::Depth::float32;
    player.open_device = [&](const DeviceSettings& settings) {
        return open_device(options, settings);
    };
    return play(player);
}

}  // namespace

int main(int argc, char** argv) {
    serve_if_host(argc, argv, play_requests());
    return run_tool("play-one", [&] { return run(argc, argv); });
}
