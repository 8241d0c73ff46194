// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Plays a tracker module into audio files: the mix, its channels or instruments, its songs, and its
// samples.

#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <optional>
#include <string>
#include <vector>

#include "audio/measures.h"
#include "base/utf8.h"
#include "base/words.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "edit/write_audio.h"
#include "file/absolute.h"
#include "file/output.h"
#include "mix/format_options.h"
#include "module/fixed_rows.h"
#include "module/module_plan.h"
#include "module/module_process.h"
#include "module/module_records.h"
#include "module/played_file.h"
#include "module/stem_sum.h"
#include "record/filter.h"
#include "record/record_line.h"
#include "song/line_source.h"
#include "song/text_grammar.h"
#include "song/text_module.h"

using namespace patchpipe;

namespace {

struct Options {
    std::string module;
    WantedFiles files;
    std::optional<std::string> samples;  // a folder
    std::optional<double> row_ms;
    std::vector<std::string> media;  // folders
    ModulePlay play;
    FormatOptions format;

    [[nodiscard]] bool to_stdout() const {
        return files.mix && named_descriptor(*files.mix) == STDOUT_FILENO;
    }
    [[nodiscard]] AudioFormat audio_format() const {
        return format.audio_format(static_cast<int>(format.channels().value_or(2)),
                                   play.sample_rate);
    }
};

// The taps of libopenmpt's filters, by their names.
constexpr std::pair<const char*, int> interpolations[] = {
    {"sinc", 8}, {"cubic", 4}, {"linear", 2}, {"none", 1}};

std::string existing_folder(const std::string& option, const std::string& given) {
    auto path = output_folder(option, given);
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0)
        throw UsageError(option + ": " + printable(given) + ": " + system_message(errno));
    if (!S_ISDIR(info.st_mode))
        throw UsageError(option + ": " + printable(given) + ": is not a folder");
    return path;
}

void set_outputs(Options& options, bool stems_without_folder) {
    auto& files = options.files;
    if (files.mix && files.mix->empty()) throw UsageError("-o: is empty; name a file");
    if (files.mix == "-") files.mix = "/dev/stdout";
    if (options.to_stdout()) refuse_terminal("-", "the audio");
    if (files.mix && !is_utf8(*files.mix))
        throw UsageError("-o: " + printable(*files.mix) +
                         ": the name is not UTF-8, which a record requires; name another file");
    if (files.mix && !named_descriptor(*files.mix)) files.mix = absolute_path(*files.mix);
    if (files.subsongs) files.subsongs = output_folder("--subsongs", *files.subsongs);
    if (files.stems) files.stems = output_folder("--stems", *files.stems);
    if (options.samples) options.samples = output_folder("--samples", *options.samples);
    if (!files.mix && !files.subsongs && !files.stems && !options.samples)
        throw UsageError("there is nothing to write; give -o, --stems, --subsongs or --samples");
    if (options.samples && (options.samples == files.stems || options.samples == files.subsongs))
        throw UsageError("--samples: is a folder of other files, which may be called the same");
    if (stems_without_folder) throw UsageError("--by: is for --stems, which is not given");
    options.format.choose(files.mix);
    files.suffix = suffix_of(container_named(options.format.format()));
}

Options parse_options(int argc, char** argv) {
    Options options;
    std::optional<std::int64_t> subsong, loops, separation;
    std::string by, interpolation = interpolations[0].first;
    bool no_plugins = false;
    CommandLine line("module-render", "[-o FILE] [--stems DIR] [OPTION]... MODULE",
                     "Plays a tracker module into audio files.",
                     "module-render -o tune.wav --stems stems -b 32f tune.it");
    line.text("o,output", "FILE", options.files.mix, "the mix; - is standard output");
    line.text("s,stems", "DIR", options.files.stems,
              "write each channel that sounds into a file there");
    line.choice("by", by, {"channel", "instrument"}, "what the stems are of");
    line.text("samples", "DIR", options.samples, "write each sample, or instrument, there");
    line.text("subsongs", "DIR", options.files.subsongs, "write each of the module's songs there");
    line.whole_number("subsong", "N", subsong, 1, 65535, "which song -o and --stems are of");
    auto& play = options.play;
    line.whole_number("loops", "N", loops, 1, 1000, "play so often until the end; default: 1");
    line.number("fade", "SECONDS", play.fade, 0, 3600, "then play on for so long, ever softer");
    line.choice("interpolation", interpolation, {"sinc", "cubic", "linear", "none"},
                "how samples are resampled");
    line.whole_number("separation", "PERCENT", separation, 0, 200,
                      "of left and right; default: 100");
    line.choice("amiga", play.sound.amiga, {"off", "a500", "a1200", "unfiltered"},
                "which Amiga plays the modules of that computer");
    line.flag("no-plugins", no_plugins, "leave out the module's effects, as stems do");
    line.number("longest", "SECONDS", play.longest, 1, 1e6,
                "refuse a song that plays longer; default: 3600");
    line.number("row-ms", "MS", options.row_ms, 1, 60000,
                "every row lasts so long, and plays files of --media, cut or repeated");
    line.texts("media", "DIR", options.media, "where these are looked for");
    options.format.declare(line, "44100", "2");
    const auto operands = line.parse(argc, argv);
    if (operands.size() != 1) throw UsageError("takes one MODULE; - is standard input");
    options.module = operands[0];
    if (subsong && options.files.subsongs)
        throw UsageError("--subsong and --subsongs cannot go together; give one of them");
    if (options.files.subsongs && options.files.mix)
        throw UsageError("-o is one file, and --subsongs writes several; give one of them");
    if (options.format.channels().value_or(2) > 2)
        throw UsageError("--channels: a module has 2, or 1 as their mean");
    for (auto& folder : options.media) folder = existing_folder("--media", folder);
    if (!options.media.empty() && !options.row_ms) options.row_ms = usual_row_ms;
    play.subsong = static_cast<int>(subsong.value_or(1) - 1);
    play.loops = static_cast<int>(loops.value_or(1));
    play.sample_rate = static_cast<int>(options.format.sample_rate().value_or(play.sample_rate));
    if (play.sample_rate < 8000 || play.sample_rate > 192000)
        throw UsageError("--sample-rate: must be 8000 to 192000");
    play.sound.separation = static_cast<int>(separation.value_or(play.sound.separation));
    for (const auto& [name, taps] : interpolations)
        if (interpolation == name) play.sound.interpolation = taps;
    play.sound.plugins = !no_plugins;
    options.files.stem_of = by == "instrument" ? StemOf::instrument : StemOf::channel;
    set_outputs(options, !by.empty() && !options.files.stems);
    return options;
}

Record result_of(const Options& options, const std::string& path, const Record& fields,
                 std::int64_t frames, const Meter& meter) {
    const auto format = options.audio_format();
    Record result("{}");
    result.set("output_path", path);
    result.set("status", "ok");
    result.set_all(fields);
    result.set("sample_rate", format.sample_rate);
    result.set("format", container_name(format.container));
    if (has_depth(format.container)) result.set("bit_depth", depth_name(format.depth));
    result.set("frames", frames);
    result.set("channels", format.channels);
    set_measures(result, meter, format.depth);
    return result;
}

// Only without effects are stems the parts of the mix, so what is written beside them has none
// either.
bool skip_plugins(const Options& options, const ModuleInfo& info, ModuleProcess& module) {
    if (!options.play.sound.plugins || !options.files.stems) return false;
    if (!plugins_sound(module, info.format, options.play)) return false;
    warn(options.module +
         ": has effects, which are left out, for stems with them would not sum to the mix");
    return true;
}

// libopenmpt mutes a voice where its note begins, so that one which a cell without a note changes
// to is in no voice's stem. What is 80 dB below the mix comes of the calculation.
std::optional<PlayedAudio> rest_of(const Options& options, const PlayedAudio& mix,
                                   const StemSum& stems) {
    constexpr double inaudible_db = -80;
    auto rest = stems.rest_of(mix);
    const auto rest_db = measured(rest).rms_db(), mix_db = measured(mix).rms_db();
    if (!rest_db || (mix_db && *rest_db < *mix_db + inaudible_db)) return {};
    warn(readable(options.module) +
         ": changes instruments within notes; what is in no stem of one is in 0000 Rest");
    return rest;
}

void write_files(const Options& options, ModuleProcess& module, const ModuleInfo& info,
                 RecordWriter& out) {
    auto play = options.play;
    const bool skipped = skip_plugins(options, info, module);
    if (options.files.stems) play.sound.plugins = false;
    // With a mix beside them, which is their sum, or with what is left of it.
    const bool mixed =
        options.files.mix || options.files.subsongs || options.files.stem_of == StemOf::instrument;
    std::optional<StemSum> sum;
    for (const auto& file : plan_module_files(info, play, options.files)) {
        if (file.is_stem() && !sum) sum.emplace();
        auto audio = file.is_sum && sum ? sum->audio() : module.play(file.play);
        if (file.is_rest) {
            auto rest = rest_of(options, audio, *sum);
            if (!rest) continue;
            audio = std::move(*rest);
        }
        if (file.is_stem()) {
            if (mixed) sum->add(audio);
            if (measured(audio).silent(AudioFormat::Depth::float32)) continue;
        } else {
            sum.reset();
        }
        auto fields = file.fields;
        if (skipped) fields.set("plugins_skipped", true);
        const auto meter = write_played(audio, play.sample_rate, file.path, options.audio_format());
        out.write(result_of(options, file.path, fields, audio.frames, meter));
    }
}

void write_samples(const Options& options, ModuleProcess& module, const ModuleInfo& info,
                   RecordWriter& out) {
    write_voices(module, info, options.play, *options.samples, options.audio_format(),
                 [&](const VoiceFile& file) {
                     Record fields("{}");
                     fields.set("sample", voice_id(info, file.voice));
                     const auto name =
                         text_as_utf8(info.voices()[static_cast<std::size_t>(file.voice)]);
                     if (!name.empty()) fields.set("sample_name", name);
                     fields.set("base_note", 60);
                     out.write(result_of(options, file.path, fields, file.frames, file.meter));
                 });
}

// What rows of one length have no place for.
void refuse_for_rows(const Options& options) {
    if (options.play.loops > 1 || options.play.fade > 0 || options.files.subsongs ||
        options.files.stem_of == StemOf::instrument)
        throw UsageError(
            "--loops, --fade, --subsongs and --by instrument are for modules that are played, not "
            "for rows of one length");
    if (!options.files.mix && !options.files.stems)
        throw UsageError("there is nothing to write; give -o or --stems");
}

SongPlaying playing_of(const Options& options) {
    SongPlaying playing;
    playing.items = true;
    playing.row_ms = options.row_ms.value_or(usual_row_ms);
    playing.subsong = options.play.subsong + 1;
    playing.sample_rate = options.play.sample_rate;
    playing.longest = options.play.longest;
    return playing;
}

FixedRows fixed_rows(const Options& options, RecordWriter& out) {
    return {options.media, [&out](const Record& record) { out.write(record); }};
}

void write_rows(const Options& options, FixedRows& rows) {
    rows.write_files(
        {.mix = options.files.mix, .stems = options.files.stems, .format = options.audio_format()});
}

// A text names files, also beside itself.
void render_text(const Options& options, const LineSource& source, const std::string& path,
                 RecordWriter& out) {
    refuse_for_rows(options);
    if (options.samples) throw UsageError("--samples: a text has none of its own");
    auto rows = fixed_rows(options, out);
    read_text_module(source.bytes(largest_text_module), path, playing_of(options),
                     [&](std::string_view line) { rows.add(line); });
    write_rows(options, rows);
}

void render_rows(const Options& options, ModuleProcess& module, RecordWriter& out) {
    refuse_for_rows(options);
    auto rows = fixed_rows(options, out);
    const auto info = module.info();
    if (options.samples)
        write_voices(
            module, info, options.play, *options.samples, options.audio_format(),
            [&](const VoiceFile& file) { rows.set_own(voice_id(info, file.voice), file.path); });
    module.read(playing_of(options), {}, [&](std::string_view line) { rows.add(line); });
    write_rows(options, rows);
}

void render(const Options& options, RecordWriter& out) {
    const auto& file = options.module;
    const auto path = file == "-" ? input_name(file) : readable(absolute_path(file));
    if (options.files.mix && same_regular_file(*options.files.mix, file))
        throw UsageError("-o: is the module, which would be lost; name another file");
    const LineSource source(file);
    const auto head = source.head(song_head_size);
    if (!is_module(head, source.size())) {
        if (is_text_module(head)) return render_text(options, source, path, out);
        refuse_unsupported(path, "is no module that libopenmpt plays; name another file");
    }
    constexpr std::chrono::minutes timeout{10};
    ModuleProcess module(source.bytes(largest_module), path, timeout);
    if (options.row_ms) return render_rows(options, module, out);
    const auto info = module.info();
    write_files(options, module, info, out);
    if (options.samples) write_samples(options, module, info, out);
}

ExitStatus run(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    // Where the audio goes to standard output, no record must be.
    RecordWriter out(options.to_stdout() ? STDERR_FILENO : STDOUT_FILENO);
    try {
        render(options, out);
    } catch (const Error& error) {
        auto record = error_record(error);
        if (is_utf8(options.module)) record.set("module_path", options.module);
        out.write(record);
    }
    out.flush();
    return out.status();
}

}  // namespace

int main(int argc, char** argv) {
    serve_if_module(argc, argv);
    return run_tool("module-render", [&] { return run(argc, argv); });
}
