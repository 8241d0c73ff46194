// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Mixes a song, its media and the stems of its tracks with effects, into files: all of it, tracks,
// regions, or tracks in regions. With --inputs it writes what goes into the effects.

#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/number.h"
#include "base/utf8.h"
#include "base/words.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "file/absolute.h"
#include "file/output.h"
#include "file/whole_file.h"
#include "midi/time_map.h"
#include "mix/format_options.h"
#include "names/name_template.h"
#include "record/filter.h"
#include "record/record_loop.h"
#include "record/record_stream.h"
#include "song/routing.h"
#include "song/unfollowed.h"
#include "songmix/job_inputs.h"
#include "songmix/read_song.h"
#include "songmix/render_settings.h"
#include "songmix/song_files.h"
#include "songmix/song_mixer.h"

using namespace patchpipe;

namespace {

struct Options {
    std::string project;
    std::optional<std::string> output, stems, regions;
    std::optional<NameTemplate> name;
    std::optional<double> start, end, tail;  // seconds
    FormatOptions format;
    bool dither = false, allow_missing = false, allow_silence = false, inputs = false;

    [[nodiscard]] bool to_stdout() const {
        return output && (*output == "-" || named_descriptor(*output) == STDOUT_FILENO);
    }
};

constexpr double longest = 1e7;  // seconds

// "10:20", "10:" and ":20".
void set_range(Options& options, const std::string& range) {
    const auto colon = range.find(':');
    const auto seconds = [&](const std::string& text) -> std::optional<double> {
        if (text.empty()) return {};
        const auto value = parse_number(text);
        if (value && *value >= 0 && *value <= longest) return value;
        throw UsageError("--range: must be START:END in seconds, as in 10:20.5, 10: or :20");
    };
    if (colon == range.npos) (void)seconds("none");
    options.start = seconds(range.substr(0, colon)).value_or(0);
    options.end = seconds(range.substr(colon + 1)).value_or(longest);
    if (*options.end <= *options.start) throw UsageError("--range: ends before it begins");
}

void set_outputs(Options& options) {
    if (options.output && options.output->empty()) throw UsageError("-o: is empty; name a file");
    if (options.to_stdout()) refuse_terminal("-", "the audio");
    if (options.output && !is_utf8(*options.output))
        throw UsageError("-o: " + printable(*options.output) +
                         ": the name is not UTF-8, which a record requires; name another file");
    if (options.output && *options.output != "-" && !named_descriptor(*options.output))
        options.output = absolute_path(*options.output);
    if (options.output == "-") options.output = "/dev/stdout";
    for (auto* folder : {&options.stems, &options.regions})
        if (*folder)
            *folder = output_folder(folder == &options.stems ? "--stems" : "--regions", **folder);
    if (options.stems && options.regions && *options.stems != *options.regions)
        throw UsageError(
            "--stems and --regions together write each track in each region into one folder; name "
            "the same folder for both");
}

Options parse_options(int argc, char** argv) {
    Options options;
    std::optional<std::string> range, name;
    CommandLine line(
        "song-mix", "--project SONG [-o FILE] [--stems DIR] [--regions DIR] [OPTION]... | --inputs",
        "Mixes a song and the stems that records on standard input name into files.",
        "song-jobs -o work a.rpp | render-one | song-mix --project a.rpp -o a.wav");
    line.text("p,project", "SONG", options.project,
              "a project, a MIDI file or song records; - is standard input");
    line.text("o,output", "FILE", options.output, "the mix; - is standard output");
    line.text("s,stems", "DIR", options.stems, "write each track into a file there");
    line.text("regions", "DIR", options.regions,
              "write each region into a file there; with --stems each track in each region");
    line.text("t,template", "TEXT", name,
              "the names there, with " + placeholder_list(song_placeholders()));
    line.text("range", "START:END", range, "the part to write, in seconds");
    line.number("tail", "SECONDS", options.tail, 0, longest,
                "how much longer, for what fades away");
    options.format.declare(line, "that of the song", "that of the song, or 2");
    line.flag("dither", options.dither, "add noise of one step before rounding to 16 or 24 bits");
    line.flag("allow-missing", options.allow_missing, "mix without what is missing");
    line.flag("allow-silence", options.allow_silence, "write files even if nothing is heard");
    line.flag("inputs", options.inputs,
              "write the input_path of each job on standard input, and pass the job on");
    if (!line.parse(argc, argv).empty())
        throw UsageError("takes the song as --project, and no operand");

    const bool any_output = options.output || options.stems || options.regions;
    if (options.inputs && (any_output || !options.project.empty()))
        throw UsageError(
            "--inputs writes what the jobs name, and takes no other output and no song");
    if (options.inputs) return options;
    if (options.project.empty()) throw UsageError("--project SONG is missing: the song to mix");
    if (!any_output) throw UsageError("there is nothing to write; give -o, --stems or --regions");
    if (name && !options.stems && !options.regions)
        throw UsageError("--template is for the names in the folders of --stems and --regions");
    if (range) set_range(options, *range);
    if (name) options.name.emplace(*name, song_placeholders());
    set_outputs(options);
    options.format.choose(options.output);
    return options;
}

// A song, and what records say of its stems.
struct Input {
    SongModel song;
    Stems stems;
    std::vector<std::pair<std::string, Error>> failed;  // the stems that could not be rendered
};

void add_stem(Input& input, const Record& record) {
    auto id = record.text("item").value_or("");
    if (id.empty()) id = record.text("track").value_or("");
    if (id.empty()) return;
    if (record.is_error())
        input.failed.emplace_back(id, error_of(record));
    else if (const auto path = record.path("output_path"))
        input.stems[id] = *path;
}

// Records with a type are of the song, others of stems.
void read_records(Input& input, bool with_song, RecordWriter& out) {
    LineReader in(STDIN_FILENO, out.lines());
    const auto take = [&](const Record& record) {
        if (with_song && record.raw("type"))
            add_to_song(input.song, record);
        else
            add_stem(input, record);
    };
    RecordLoop loop([&](Record& record) { take(record); },
                    [&](const Record& record) {
                        if (!record.is_error()) return;
                        if (!record.raw("track") && !record.raw("item")) throw error_of(record);
                        add_stem(input, record);
                    });
    while (const auto line = in.next()) loop.take(*line, in.cut());
    if (with_song) input.song.check();
}

bool needs_stems(const Routing& routing) {
    const auto& tracks = routing.tracks();
    return std::any_of(tracks.begin(), tracks.end(), [](const RoutedTrack& track) {
        return track.heard && (!track.effects.empty() ||
                               std::any_of(track.takes.begin(), track.takes.end(),
                                           [](const auto& take) { return !take.effects.empty(); }));
    });
}

SongModel read_project(const Options& options, Input& input, RecordWriter& out) {
    if (options.project != "-") return read_song(options.project);
    refuse_terminal_input("the song's records");
    read_records(input, true, out);
    return std::move(input.song);
}

// What no render made is said with its reason.
void check_failed(const Input& input, const Routing& routing, const SongMixSettings& settings) {
    for (const auto& [id, error] : input.failed) {
        const bool has_stem = input.stems.contains(id);
        const auto& tracks = routing.tracks();
        const bool heard =
            std::any_of(tracks.begin(), tracks.end(), [&, &id = id](const auto& track) {
                return track.heard &&
                       (track.track == id ||
                        std::any_of(track.takes.begin(), track.takes.end(),
                                    [&](const auto& take) { return take.item == id; }));
            });
        if (has_stem || !heard) continue;
        const Error failed(error.kind(), id, std::string("could not be rendered: ") + error.what());
        if (!settings.leave_out) throw failed;
        settings.leave_out(failed);
    }
}

SongRange whole_range(const Options& options, const SongModel& song, std::int64_t frames,
                      int rate) {
    const auto render = render_settings(song);
    const double start = options.start.value_or(render.start);
    const double end = options.end.value_or(render.end.value_or(longest));
    const auto tail = frame_at(options.tail.value_or(render.tail), rate);
    const auto begin = frame_at(start, rate);
    return {begin, std::max(begin, end == longest ? frames : frame_at(end, rate)) + tail};
}

std::vector<SongRange> region_ranges(const Options& options, const SongModel& song, int rate) {
    const double tail = options.tail.value_or(render_settings(song).region_tail);
    std::vector<SongRange> ranges;
    for (auto& region : song_regions(song)) {
        if (options.start && (region.start < *options.start || region.end > *options.end)) continue;
        const auto begin = frame_at(region.start, rate), end = frame_at(region.end + tail, rate);
        ranges.push_back({begin, end, std::move(region)});
    }
    if (ranges.empty())
        throw Error(ErrorKind::unsupported, "song",
                    "has no region to write; give -o for all of it");
    return ranges;
}

std::vector<std::string> heard_tracks(const SongModel& song, const Routing& routing) {
    std::vector<std::string> tracks;
    for (const auto& track : song.tracks())
        if (routing.track(track).heard) tracks.push_back(track);
    if (tracks.empty())
        throw Error(ErrorKind::unsupported, "song",
                    "has no track that is heard; give -o for silence");
    return tracks;
}

// The files to write, but for those whose ends depend on what is mixed.
std::vector<SongFile> folder_files(const Options& options, const SongModel& song,
                                   const Routing& routing, const SongRange& whole, int rate) {
    if (!options.stems && !options.regions) return {};
    const auto tracks =
        options.stems ? heard_tracks(song, routing) : std::vector<std::string>{"master"};
    const auto ranges = options.regions ? region_ranges(options, song, rate) : std::vector{whole};
    auto files = plan_files(song, tracks, ranges);
    const auto* const usual = !options.regions ? "{track}"
                              : !options.stems ? "{region}"
                                               : "{region}/{track}";
    const auto name = options.name.value_or(NameTemplate(usual, song_placeholders()));
    name_files(files, song, name, options.stems ? *options.stems : *options.regions,
               suffix_of(container_named(options.format.format())));
    return files;
}

std::vector<SongMixer::Wanted> wanted_audio(const Options& options, const SongModel& song,
                                            const Routing& routing) {
    std::vector<SongMixer::Wanted> wanted;
    if (options.output || !options.stems) wanted.push_back({"master"});
    if (options.stems)
        for (const auto& track : heard_tracks(song, routing)) wanted.push_back({track});
    return wanted;
}

// Also of tracks with effects, which are mixed from their stems.
std::vector<std::string> media_of(const SongModel& song) {
    std::vector<std::string> media;
    const auto add = [&](const std::string& take) {
        const auto path = object_in(*song.find(take), "source").text("path").value_or("");
        if (!path.empty()) media.push_back(song.file_path(path));
    };
    for (const auto& track : song.tracks())
        for (const auto& item : song.items(track)) {
            add(item);
            for (const auto& take : song.takes(item)) add(take);
        }
    return media;
}

// A file that is mixed would be lost.
void refuse_inputs_as_outputs(const std::vector<SongFile>& files, std::vector<std::string> inputs) {
    std::set<std::pair<dev_t, ino_t>> known;
    struct stat info {};
    for (const auto& input : inputs)
        if (::stat(input.c_str(), &info) == 0 && S_ISREG(info.st_mode))
            known.emplace(info.st_dev, info.st_ino);
    for (const auto& file : files)
        if (::stat(file.path.c_str(), &info) == 0 && known.contains({info.st_dev, info.st_ino}))
            throw Error(ErrorKind::bad_record, file.path,
                        "is read for the mix, and would be lost; write to another file");
}

void mix(const Options& options, RecordWriter& out) {
    Input input;
    const auto song = read_project(options, input, out);
    const Routing routing(song);
    if (options.project != "-" && needs_stems(routing) && ::isatty(STDIN_FILENO) == 0)
        read_records(input, false, out);
    const auto rate =
        static_cast<int>(options.format.sample_rate().value_or(song_sample_rate(song)));
    SongMixSettings settings{.sample_rate = rate, .stems = input.stems};
    if (options.allow_missing)
        settings.leave_out = [&](const Error& error) { out.write(error_record(error)); };
    check_failed(input, routing, settings);
    for (const auto& error : unfollowed(song, routing))
        options.allow_missing ? settings.leave_out(error) : throw error;
    SongMixer mixer(song, routing, settings, wanted_audio(options, song, routing));
    const auto whole = whole_range(options, song, mixer.song_frames(), rate);
    auto files = folder_files(options, song, routing, whole, rate);
    if (options.output) {
        auto mix_file = plan_files(song, {"master"}, {whole}).front();
        mix_file.path = *options.output;
        files.insert(files.begin(), std::move(mix_file));
    }
    auto inputs = media_of(song);
    inputs.push_back(options.project);
    for (const auto& file : mixer.inputs()) inputs.push_back(file);  // stems too
    refuse_inputs_as_outputs(files, std::move(inputs));
    const auto channels = options.format.channels().value_or(render_settings(song).channels);
    write_files(mixer, files,
                {.audio = options.format.audio_format(static_cast<int>(channels), rate),
                 .dither = options.dither,
                 .refuse_silence = !options.allow_silence},
                [&](const Record& result) { out.write(result); });
}

ExitStatus write_inputs() {
    JobInputs inputs;
    return filter([&](Record& job, RecordWriter& out) {
        if (JobInputs::is_needed(job)) inputs.write(job);
        out.write(job);
    });
}

ExitStatus run(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    if (options.inputs) return write_inputs();
    // Where the audio goes to standard output, no record must be.
    RecordWriter out(options.to_stdout() ? STDERR_FILENO : STDOUT_FILENO);
    try {
        mix(options, out);
    } catch (const Error& error) {
        auto record = error_record(error);
        if (options.output && is_utf8(*options.output)) record.set("output_path", *options.output);
        out.write(record);
    }
    out.flush();
    return out.status();
}

}  // namespace

int main(int argc, char** argv) {
    return run_tool("song-mix", [&] { return run(argc, argv); });
}
