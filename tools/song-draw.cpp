// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Draws the records of a song and of its stems as a video: oscilloscopes, a piano roll, waves, a
// tracker's pattern or clips.

#include <unistd.h>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "audio/audio_input.h"
#include "audio/audio_reader.h"
#include "base/number.h"
#include "base/utf8.h"
#include "base/words.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "draw/effect.h"
#include "draw/scene_reader.h"
#include "draw/view.h"
#include "file/absolute.h"
#include "file/output.h"
#include "record/filter.h"
#include "record/record_stream.h"
#include "song/song_file.h"
#include "video/video_output.h"

using namespace patchpipe;

namespace {

// Frames first to end - 1.
struct Frames {
    std::int64_t first = 0, end = 0;
};

struct Options {
    std::string view, output = "-";
    ViewSettings settings;
    std::optional<Frames> frames;
    std::optional<Frames> part;                      // as in 2/8: the second of eight
    std::optional<std::pair<double, double>> range;  // seconds
    std::vector<std::string> files;
    bool list = false, announce = false;

    [[nodiscard]] bool to_stdout() const {
        return output == "-" || named_descriptor(output) == STDOUT_FILENO;
    }
};

constexpr double longest = 1e10;  // seconds or frames

// "A:B", either of which may be left out.
std::pair<double, double> parse_range(const std::string& option, const std::string& text) {
    const auto colon = text.find(':');
    const auto number = [&](const std::string& part, double missing) {
        const auto value = part.empty() ? missing : parse_number(part);
        if (colon == text.npos || !value || *value < 0 || *value > longest)
            throw UsageError(option + ": must be two numbers as in 10:20, 10: or :20");
        return *value;
    };
    const double begin = number(text.substr(0, colon), 0);
    const double end = number(colon == text.npos ? "" : text.substr(colon + 1), longest);
    if (end <= begin) throw UsageError(option + ": ends before it begins");
    return {begin, end};
}

void set_part(Options& options, const std::string& text) {
    const auto slash = text.find('/');
    const auto number = parse_whole<std::int64_t>(text.substr(0, slash));
    const auto count =
        slash == text.npos ? std::nullopt : parse_whole<std::int64_t>(text.substr(slash + 1));
    constexpr std::int64_t most = 1000000;
    if (!number || !count || *number < 1 || *number > *count || *count > most)
        throw UsageError("--part: must be as in 2/8, the second of eight parts");
    options.part = Frames{*number, *count};
}

// The width or height that the text says; 0 if it cannot be one.
int length_in(std::string_view text) {
    constexpr int least = 16, most = 8192;
    const int length = parse_whole<int>(text).value_or(0);
    return length >= least && length <= most && length % 2 == 0 ? length : 0;
}

void set_size(ViewSettings& settings, const std::string& text) {
    const auto by = text.find('x');
    const bool has_both = by != text.npos;
    settings.width = length_in(std::string_view(text).substr(0, by));
    settings.height = has_both ? length_in(std::string_view(text).substr(by + 1)) : 0;
    if (settings.width == 0 || settings.height == 0)
        throw UsageError("--size: must be as in 1280x720, even numbers from 16 to 8192");
}

Color color_in(const std::string& option, const std::string& text) {
    if (const auto color = parse_color(text)) return *color;
    throw UsageError(option + ": " + printable(text) + ": must be a color as in #ff8000");
}

std::vector<Color> colors_in(const std::string& text) {
    std::vector<Color> colors;
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto comma = std::min(text.find(',', begin), text.size());
        colors.push_back(color_in("--colors", text.substr(begin, comma - begin)));
        begin = comma + 1;
    }
    return colors;
}

Options parse_options(int argc, char** argv) {
    Options options;
    auto& settings = options.settings;
    std::optional<std::string> size, rate, frames, part, range, colors, background;
    bool no_labels = false, no_grid = false;
    CommandLine line("song-draw", "--view VIEW [OPTION]... [FILE]...",
                     "Draws a song and its stems, which records in files or on standard input "
                     "name, as a video.",
                     "song-mix -p a.rpp --stems stems | song-draw --view scope -o a.mp4");
    line.choice("v,view", options.view, {"scope", "roll", "wave", "pattern", "clips"},
                "what to draw");
    line.text("o,output", "FILE", options.output,
              ".mp4, .mov or .mkv, encoded by ffmpeg, or .y4m; default: y4m on -");
    line.text("s,size", "WxH", size, "default: 1920x1080");
    line.text("r,rate", "N[/D]", rate, "frames in a second; default: 60");
    line.text("range", "START:END", range, "the part to draw, in seconds");
    line.text("frames", "FIRST:END", frames, "the same in frames, from 0, without END");
    line.text("part", "I/N", part, "the I-th of N parts of these, to draw them in parallel");
    line.text("audio", "FILE", settings.audio, "the sound of the video");
    line.text("colors", "LIST", colors, "of the tracks, as in #ff8000,#0080ff");
    line.text("background", "COLOR", background, "default: #0e1117");
    line.flag("no-labels", no_labels, "draw no names");
    line.flag("no-grid", no_grid, "draw no lines behind");
    line.whole_number("columns", "N", settings.columns, 1, 1024, "of cells");
    line.number("line", "PIXELS", settings.line, 0.5, 100, "how thick waves are");
    line.number("gain", "N", settings.gain, 1e-6, 1e6,
                "of waves; default: the loudest moment of each fills its cell");
    line.number("window", "SECONDS", settings.window, 1e-3, 1000,
                "of the song that are seen; default: 0.04 of a scope, 6 of a roll");
    std::string layout = "grid", legato = "none", when_short = "loop";
    bool no_flip = false;
    auto& clips = settings.clips;
    line.choice("layout", layout, {"grid", "original"}, "of clips: default: grid");
    line.choice("legato", legato, {"none", "next", "beat", "bar"},
                "a clip is seen until the next note, so much longer at most");
    line.choice("short", when_short, {"loop", "stretch", "freeze"},
                "what a clip does that is shorter than its note");
    line.flag("no-flip", no_flip, "do not turn clips over with each note");
    line.flag("tuned", clips.tuned, "a clip is as fast as its note's pitch");
    double timeout = std::chrono::duration<double>(clips.timeout).count();
    line.number("timeout", "SECONDS", timeout, 0.001, 1e6,
                "for ffmpeg to decode a clip; default: 600");
    line.flag("announce", options.announce, "write how far it is, at each percent of the frames");
    line.flag("list", options.list, "write the effects of clips and their settings as records");
    options.files = line.parse(argc, argv);
    if (options.list) return options;
    clips.flip = !no_flip;
    clips.timeout =
        std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>(timeout));
    clips.layout = layout == "grid" ? ClipSettings::Layout::grid : ClipSettings::Layout::original;
    clips.legato = legato == "none"   ? ClipSettings::Legato::none
                   : legato == "next" ? ClipSettings::Legato::next
                   : legato == "beat" ? ClipSettings::Legato::beat
                                      : ClipSettings::Legato::bar;
    clips.when_short = when_short == "loop"      ? ClipSettings::Short::loop
                       : when_short == "stretch" ? ClipSettings::Short::stretch
                                                 : ClipSettings::Short::freeze;
    if (options.view.empty()) throw UsageError("--view VIEW is missing: what to draw");
    constexpr double longest_scope = 10;
    if (options.view == "scope" && settings.window.value_or(0) > longest_scope)
        throw UsageError("--window: a scope shows 10 seconds at most");
    if (size) set_size(settings, *size);
    if (rate) {
        const auto parsed = parse_frame_rate(*rate);
        if (!parsed)
            throw UsageError(
                "--rate: must be a whole number or a fraction, as in 60 or 30000/1001, from 1 to "
                "1000");
        settings.rate = *parsed;
    }
    if (range && frames) throw UsageError("--range and --frames cannot go together; give one");
    if (range) options.range = parse_range("--range", *range);
    if (frames) {
        const auto [first, end] = parse_range("--frames", *frames);
        if (first != std::floor(first) || end != std::floor(end))
            throw UsageError("--frames: must be whole numbers; for seconds there is --range");
        options.frames = {std::llround(first), std::llround(end)};
    }
    if (part) set_part(options, *part);
    if (colors) settings.colors = colors_in(*colors);
    if (background) settings.background = color_in("--background", *background);
    settings.labels = !no_labels;
    settings.grid = !no_grid;
    (void)is_encoded(options.output);  // refuses other names
    if (options.to_stdout()) refuse_terminal("-", "the video");
    if (!options.to_stdout() && !is_utf8(options.output))
        throw UsageError("-o: " + printable(options.output) +
                         ": the name is not UTF-8, which a record requires; name another file");
    if (options.output != "-" && !named_descriptor(options.output))
        options.output = absolute_path(options.output);
    return options;
}

Scene read_scene(const std::vector<std::string>& files) {
    SceneReader scene;
    for (const auto& file : files)
        read_song_file(file, {.only_known = true, .states = {}},
                       [&](std::string_view line) { scene.add(Record(line)); });
    return scene.finish();
}

// The video must not replace what it is made of.
void refuse_inputs_as_output(const Options& options, const Scene& scene) {
    const auto refuse = [&](const std::string& file) {
        if (!file.empty() && !options.to_stdout()) refuse_input_as_output(options.output, file);
    };
    refuse(options.settings.audio);
    for (const auto& clip : scene.clips) refuse(clip.path);
}

// With more parts than frames some have none: such a stream is its first line, so that all parts
// together are the whole, and an encoded file would be no video.
Frames part_of(const Frames& frames, const Frames& part, bool encoded) {
    const auto [number, count] = part;
    const auto all = frames.end - frames.first;
    const auto place = [&](std::int64_t index) { return frames.first + all * index / count; };
    const Frames drawn{place(number - 1), place(number)};
    if (encoded && drawn.first == drawn.end)
        refuse_unsupported("part " + std::to_string(number) + "/" + std::to_string(count),
                           "has no frame: there are " + std::to_string(all) +
                               "; give at most so many parts, or write a y4m");
    return drawn;
}

// In seconds; 0 for a kind of audio that only ffmpeg reads.
double audio_length(const std::string& path) try {
    constexpr int usual_rate = 44100;
    return path.empty() ? 0 : audio_duration(AudioReader(absolute_path(path)), usual_rate);
} catch (const Error&) {
    return 0;
}

// The frames to draw, of a song of that length. A video is as long as its audio, and as the range
// that was asked for, even if nothing happens in the song any more.
Frames frames_of(const Options& options, double song_length) {
    const auto& rate = options.settings.rate;
    double length = std::max(song_length, audio_length(options.settings.audio));
    if (options.range && options.range->second < longest)
        length = std::max(length, options.range->second);
    const auto all = std::max<std::int64_t>(1, rate.frames_in(length));
    Frames frames{0, all};
    if (options.frames) frames = *options.frames;
    if (options.range)
        frames = {rate.frames_in(options.range->first), rate.frames_in(options.range->second)};
    frames.end = std::min(frames.end, all);
    if (frames.first >= frames.end)
        refuse_unsupported("song", "there is no frame to draw: all of it has " +
                                       std::to_string(all) + " frames; choose some of these");
    if (!options.part) return frames;
    return part_of(frames, *options.part, is_encoded(options.output));
}

VideoSettings video_settings(const Options& options, const Frames& frames) {
    const auto& settings = options.settings;
    VideoSettings video{.width = settings.width, .height = settings.height, .rate = settings.rate};
    const double begin = settings.rate.begin_of(frames.first);
    if (!settings.audio.empty())
        video.sound = {absolute_path(settings.audio), begin,
                       settings.rate.begin_of(frames.end) - begin};
    return video;
}

// When frames are a percent more than they were one frame ago.
void announce(std::int64_t drawn, std::int64_t frames, RecordWriter& out) {
    constexpr int parts = 100;
    if (drawn * parts / frames == (drawn - 1) * parts / frames) return;
    Record event(R"({"event":"progress"})");
    event.set("drawn", drawn);
    event.set("frames", frames);
    out.write(event);
    out.flush();
}

Record draw(const Options& options, View& view, RecordWriter& out) {
    const auto& settings = options.settings;
    const auto frames = frames_of(options, view.length());
    const auto video = open_video(options.output, video_settings(options, frames));
    Frame frame(settings.width, settings.height);
    for (auto number = frames.first; number < frames.end; ++number) {
        view.draw(number, frame);
        video->add(frame);
        if (options.announce) announce(number - frames.first + 1, frames.end - frames.first, out);
    }
    video->commit();
    Record result("{}");
    result.set("output_path", options.output);
    result.set("status", "ok");
    result.set("view", options.view);
    result.set("first_frame", frames.first);
    result.set("frames", frames.end - frames.first);
    result.set("frame_rate", settings.rate.text());
    result.set("width", settings.width);
    result.set("height", settings.height);
    return result;
}

std::unique_ptr<View> make_view(const Options& options, Scene scene) {
    const auto& settings = options.settings;
    if (options.view == "roll") return make_roll_view(std::move(scene), settings);
    if (options.view == "wave") return make_wave_view(std::move(scene), settings);
    if (options.view == "clips") return make_clips_view(std::move(scene), settings);
    if (options.view == "pattern") return make_pattern_view(std::move(scene), settings);
    return make_scope_view(std::move(scene), settings);
}

ExitStatus list() {
    RecordWriter out(STDOUT_FILENO);
    list_effects([&](const Record& record) { out.write(record); });
    out.flush();
    return out.status();
}

ExitStatus run(int argc, char** argv) {
    auto options = parse_options(argc, argv);
    if (options.list) return list();
    if (options.files.empty()) {
        refuse_terminal_input("the song's records");
        options.files = {"-"};
    }
    // Where the video goes to standard output, no record must be.
    RecordWriter out(options.to_stdout() ? STDERR_FILENO : STDOUT_FILENO);
    try {
        auto scene = read_scene(options.files);
        refuse_inputs_as_output(options, scene);
        const auto view = make_view(options, std::move(scene));
        out.write(draw(options, *view, out));
    } catch (const Error& error) {
        auto record = error_record(error);
        record.set("output_path", options.output);
        out.write(record);
    }
    out.flush();
    return out.status();
}

}  // namespace

int main(int argc, char** argv) {
    return run_tool("song-draw", [&] { return run(argc, argv); });
}
