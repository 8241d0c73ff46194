// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Writes song records as a REAPER project or a MIDI file, or the lines of song-read --raw as they
// were.

#include <sys/random.h>
#include <unistd.h>
#include <array>
#include <ctime>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/hex.h"
#include "base/utf8.h"
#include "base/words.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "file/absolute.h"
#include "file/output.h"
#include "file/whole_file.h"
#include "record/filter.h"
#include "record/record_loop.h"
#include "record/record_stream.h"
#include "song/deferred_effects.h"
#include "song/midi_writer.h"
#include "song/plugin_registry.h"
#include "song/raw_lines.h"
#include "song/routing.h"
#include "song/rpp_patch.h"
#include "song/rpp_writer.h"
#include "song/song_model.h"

using namespace patchpipe;

namespace {

struct Options {
    std::optional<std::string> output, into, seed, script;
    std::string format;
    std::vector<std::string> registries;
    RppWriteOptions rpp;
    bool now = false, defer_builtins = false, drums = false;
};

// For GUIDs that no other project has.
std::string random_seed() {
    std::array<char, 16> bytes{};
    if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
        throw Error(ErrorKind::io, "getrandom", "gives no random bytes; give --seed");
    return to_hex({bytes.data(), bytes.size()});
}

Options parse_options(int argc, char** argv) {
    Options options;
    CommandLine line(
        "song-write", "-o FILE [OPTION]...",
        "Writes song records on standard input as a REAPER project or a MIDI file.",
        "song-read a.rpp | jq -c 'if .gain then .gain /= 2 else . end' | song-write -o b.rpp");
    line.text("o,output", "FILE", options.output, "the file to write; - is standard output");
    line.text("i,into", "FILE", options.into,
              "change this project, and nothing else in it; without -o in its place");
    line.choice("f,format", options.format, {"rpp", "mid"},
                "what to write, if not by the name of the file");
    line.text("seed", "TEXT", options.seed,
              "make GUIDs that are missing from it; default: at random");
    line.text("reaper-version", "TEXT", options.rpp.program, "the version of REAPER in the file");
    line.flag("drums", options.drums,
              "in a MIDI file: samples that are called like drums are drums");
    line.flag("now", options.now, "write the time into the file");
    line.texts("registry", "FILE", options.registries,
               "plug-ins and presets that records name by \"plugin\" and \"role\"");
    line.flag("defer-builtins", options.defer_builtins,
              "leave out REAPER's own effects, and write a record for each");
    line.text("reascript", "FILE", options.script,
              "a script that adds these in REAPER, and sets parameters by name");
    if (!line.parse(argc, argv).empty())
        throw UsageError("takes records on standard input, and no operand");
    if (!options.output) options.output = options.into;
    if (!options.output || options.output->empty())
        throw UsageError("-o FILE is missing: the file to write; - is standard output");
    refuse_terminal(options.output, "the song");
    if (options.into && (options.defer_builtins || options.script))
        throw UsageError(
            "--into: changes a project that has its effects; --defer-builtins and "
            "--reascript are for new ones");
    if (options.script == "-" || options.script == "")
        throw UsageError("--reascript: name a file for the script");
    if (!is_utf8(options.rpp.program)) throw UsageError("--reaper-version: is not UTF-8");
    options.rpp.seed = options.seed ? *options.seed : random_seed();
    if (options.now) options.rpp.saved = std::time(nullptr);
    return options;
}

// What the records are is known from the first one.
class SongFile {
 public:
    explicit SongFile(const Options& options)
        : options_(options),
          registry_(read_registries(options.registries)),
          file_(options.output),
          song_(options.into.has_value()),
          deferred_(options.defer_builtins) {}

    void add(const Record& record) {
        const auto type = record.text("type").value_or("");
        if (!begun_)
            raw_ = (type == "song" && record.text("format") == "raw") ||
                   (type == "raw" && !record.raw("parent"));
        begun_ = true;
        if (!raw_) return type == "fx" ? add_effect(record) : song_.add(record);
        if (type == "raw") return put(raw_bytes(record) + raw_end(record));
        if (type != "song")
            throw Error(ErrorKind::bad_record, "type",
                        "is no line of song-read --raw, as the others are; remove the record");
    }

    /// messages gets a record for each effect that stays out of the project.
    void write(RecordWriter& messages) {
        if (!begun_) return;
        if (!raw_) write_song();
        std::optional<WholeFile> script;
        if (options_.script) script.emplace(*options_.script);
        if (script) script->write(deferred_.script(song_));
        std::vector<Record> left_out;
        deferred_.each_record(song_, [&](const Record& record) { left_out.push_back(record); });
        flush();
        file_.commit();
        if (script) script->commit();
        for (const auto& record : left_out) messages.write(record);
    }

 private:
    void add_effect(const Record& record) {
        const auto fx = registry_.complete(record);
        if (!deferred_.take(fx)) song_.add(fx);
    }

    void write_song() {
        if (options_.into) return patch();
        song_.check();
        if (is_midi()) return put(build_midi(song_, drums()));
        if (!options_.script) deferred_.refuse_parameters();
        for (const auto& id : unmarked_instruments(song_)) song_.set_flag(id, "instrument");
        const auto tempo = song_.tempo_map();
        const auto end = song_.song().text("line_end").value_or("\n");
        RppWriter(song_, tempo, options_.rpp, [&](std::string_view line) {
            put(line);
            put(end);
        }).write();
    }

    [[nodiscard]] DrumNotes drums() const {
        return options_.drums ? DrumNotes::guessed : DrumNotes::given;
    }

    // The option says it, else the file's name, else what the song was.
    [[nodiscard]] bool is_midi() const {
        if (!options_.format.empty()) return options_.format == "mid";
        const auto name = file_name(*options_.output);
        const bool named = name.find('.') != name.npos;
        return named ? name.ends_with(".mid") || name.ends_with(".midi") || name.ends_with(".MID")
                     : song_.song().text("format") == "mid";
    }

    void patch() {
        patch_rpp(*options_.into, song_, options_.rpp, [&](std::string_view bytes) { put(bytes); });
    }

    // Most pieces are short.
    void put(std::string_view bytes) {
        pending_ += bytes;
        if (pending_.size() >= most_pending) flush();
    }
    void flush() {
        file_.write(pending_);
        pending_.clear();
    }

    static constexpr std::size_t most_pending = std::size_t{1} << 18;

    const Options& options_;
    const PluginRegistry registry_;
    Output file_;
    SongModel song_;
    DeferredEffects deferred_;
    std::string pending_;
    bool begun_ = false, raw_ = false;
};

ExitStatus run(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    refuse_terminal_input("records");
    const bool to_stdout =
        options.output == "-" || named_descriptor(*options.output) == STDOUT_FILENO;
    RecordWriter messages(to_stdout ? STDERR_FILENO : STDOUT_FILENO);
    SongFile file(options);
    LineReader in(STDIN_FILENO, messages.lines());
    RecordLoop loop([&](Record& record) { file.add(record); },
                    [&](const Record& record) { messages.write(record); });
    while (const auto line = in.next()) loop.take(*line, in.cut());
    if (messages.status() == ExitStatus::ok) {
        try {
            file.write(messages);
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::io) throw;
            messages.write(error_record(error));
        }
    }
    messages.flush();
    return messages.status();
}

}  // namespace

int main(int argc, char** argv) {
    return run_tool("song-write", [&] { return run(argc, argv); });
}
