// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Reads songs, REAPER projects, MIDI files and tracker modules, as song records.

#include <unistd.h>
#include <optional>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "base/words.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "file/absolute.h"
#include "file/output.h"
#include "record/record.h"
#include "record/record_line.h"
#include "record/stream.h"
#include "song/midi_reader.h"
#include "song/raw_lines.h"
#include "song/rpp_reader.h"
#include "song/song_reader.h"
#include "song/text_grammar.h"
#include "song/text_module.h"

using namespace patchpipe;

namespace {

struct Options {
    SongReadOptions song;
    SongPlaying playing;
    bool raw = false, diff = false;
    std::vector<std::string> files;
};

Options parse_options(int argc, char** argv) {
    Options options;
    CommandLine line("song-read", "[OPTION]... FILE...",
                     "Writes REAPER projects, track templates, chains of effects, MIDI files and "
                     "tracker modules\nas song records.",
                     "song-read song.rpp | jq -r 'select(.type == \"track\") | .name'");
    line.flag("r,raw", options.raw,
              "one raw record a line, from which the same bytes can be written");
    line.flag("k,known", options.song.only_known, "leave out the lines that are not understood");
    line.flag("d,diff", options.diff,
              "leave out where the file is and the numbers of lines, as for git diff");
    line.text("s,states", "DIR", options.song.states,
              "write the states of plug-ins into files there");
    auto& playing = options.playing;
    std::optional<std::int64_t> subsong, sample_rate;
    line.flag("rows", playing.rows, "of a module: its rows as they are played, instead of notes");
    line.flag("items", playing.items, "of a module: audio items that play its samples, not notes");
    line.number("row-ms", "MS", playing.row_ms, 1, 60000,
                "of a module: every row lasts so long, and a sample as its row");
    line.text("samples", "DIR", playing.samples, "of a module: write its samples into files there");
    line.whole_number("subsong", "N", subsong, 1, 65535, "of a module: default 1");
    line.whole_number("sample-rate", "HZ", sample_rate, 8000, 192000,
                      "of a module: times are exact for audio of this rate; default: 44100");
    line.number("longest", "SECONDS", playing.longest, 1, 1e6,
                "of a module: refuse one that plays longer; default: 3600");
    options.files = line.parse(argc, argv);
    if (playing.rows && playing.items)
        throw UsageError("--rows and --items cannot go together; give one of them");
    if (options.files.empty()) throw UsageError("there is no FILE to read; - is standard input");
    if (options.raw && options.song.only_known)
        throw UsageError("--raw and --known cannot go together; give one of them");
    if (playing.samples && options.files.size() > 1)
        throw UsageError(
            "--samples: takes one FILE, since the samples of another may be called the same");
    if (options.song.states) options.song.states = output_folder("--states", *options.song.states);
    if (playing.samples) playing.samples = output_folder("--samples", *playing.samples);
    playing.subsong = subsong.value_or(playing.subsong);
    playing.sample_rate = sample_rate.value_or(playing.sample_rate);
    return options;
}

// Writes lines, and remembers whether one was an error.
class Output {
 public:
    explicit Output(bool diff) : diff_(diff) {}
    void write(std::string_view line) {
        failed_ = failed_ || line.starts_with(R"({"status":"error")");
        if (diff_ && line.starts_with(R"({"type":"song")")) return write_without("path", line);
        if (diff_ && line.starts_with(R"({"type":"raw")")) return write_without("line", line);
        lines_.write(line);
    }
    void fail(const Error& error, const std::string& path) {
        auto record = error_record(error);
        if (is_utf8(path)) record.set("path", path);
        write(record.line());
    }
    ExitStatus finish() {
        lines_.flush();
        return failed_ ? ExitStatus::some_failed : ExitStatus::ok;
    }

 private:
    void write_without(std::string_view key, std::string_view line) {
        Record record(line);
        record.remove(key);
        lines_.write(record.line());
    }

    LineWriter lines_{STDOUT_FILENO};
    bool diff_;
    bool failed_ = false;
};

void read_raw(LineSource& source, const std::string& path, Output& out) {
    out.write(RecordLine("song").text("format", "raw").text("path", path).line());
    write_raw_lines(source, [&](std::string_view line) { out.write(line); });
}

std::string unknown_file() {
    return std::string("is neither one of REAPER's files nor a MIDI file") +
           (song_readers().empty() ? ", and this build of song-read opens only modules in text"
                                   : " nor a module") +
           "; name one of these";
}

void read_song(const Options& options, const std::string& file, Output& out) {
    const auto path = file == "-" ? input_name(file) : readable(absolute_path(file));
    LineSource source(file);
    if (options.raw) return read_raw(source, path, out);
    const auto head = source.head(song_head_size);
    const WriteLine write = [&](std::string_view line) { out.write(line); };
    if (is_midi(head)) return read_midi(file, path, write);
    if (is_rpp(head)) return read_rpp(source, path, options.song, write);
    for (const auto* reader : song_readers())
        if (reader->claims(head, source.size()))
            return reader->read(source.bytes(reader->largest_file()), path, options.playing, write);
    if (is_text_module(head))
        return read_text_module(source.bytes(largest_text_module), path, options.playing, write);
    refuse_unsupported(path, unknown_file());
}

ExitStatus run(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    Output out(options.diff);
    for (const auto& file : options.files) {
        try {
            read_song(options, file, out);
        } catch (const Error& error) {
            out.fail(error, readable(file == "-" ? file : absolute_path(file)));
        }
    }
    return out.finish();
}

}  // namespace

int main(int argc, char** argv) {
    for (const auto* reader : song_readers()) reader->serve(argc, argv);
    return run_tool("song-read", [&] { return run(argc, argv); });
}
