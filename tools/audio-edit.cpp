// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Edits audio files, its operands or those that records name: levels, fades, length, channels,
// rate.

#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <deque>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/utf8.h"
#include "base/words.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "edit/edited_file.h"
#include "file/absolute.h"
#include "job/provenance.h"
#include "job/render_job.h"
#include "record/field_spelling.h"
#include "record/filter.h"
#include "record/record_loop.h"
#include "record/record_stream.h"
#include "record/settings.h"

using namespace patchpipe;

namespace {

struct Options {
    Record settings = Record("{}");  // the fields that options set
    EditTarget target;
    bool strict = false;
    std::vector<std::string> files;
};

// Options that are settings of a record, one for each.
class SettingOptions {
 public:
    // This object must live until the line is parsed.
    void declare(CommandLine& line, std::string_view names, std::string_view key,
                 std::string_view argument, std::string_view help) {
        auto& given = given_.emplace_back(Given{std::string(key), {}, false});
        if (setting(key).type == SettingType::flag)
            line.flag(names, given.flag, help);
        else
            line.text(names, argument, given.text, help);
    }

    [[nodiscard]] Record fields() const {
        Record fields("{}");
        for (const auto& given : given_) {
            if (given.text)
                fields.set_json(given.key, setting_json(setting(given.key), *given.text));
            if (given.flag) fields.set(given.key, true);
        }
        return fields;
    }

 private:
    struct Given {
        std::string key;
        std::optional<std::string> text;
        bool flag;
    };
    std::deque<Given> given_;  // whose elements stay where they are
};

void declare_settings(CommandLine& line, SettingOptions& options) {
    const auto add = [&](std::string_view names, std::string_view key, std::string_view argument,
                         std::string_view help) {
        options.declare(line, names, key, argument, help);
    };
    add("start", "start", "S", "begin at S seconds; negative: S before the end");
    add("end", "end", "S", "end at S seconds; negative: S before the end");
    add("length", "length", "S", "keep S seconds at most");
    add("c,channel-map", "channel_map", "MAP", "mono, stereo, or channels in order: 2,1");
    add("trim-silence", "trim_silence", "ENDS", "remove silence: both, start or end");
    add("trim-threshold", "trim_threshold", "DB",
        "what does not exceed it is silence (default -60)");
    add("trim-hold", "trim_hold", "S", "a shorter sound is silence too (default 0)");
    add("trim-pad", "trim_pad", "S", "seconds of the silence to keep (default 0)");
    add("reverse", "reverse", "", "play backwards");
    add("r,sample-rate", "sample_rate", "HZ", "resample");
    add("cut", "cut", "WHERE", "cut into a file for each piece: at onsets or beats");
    add("tempo", "tempo", "BPM", "beats a minute");
    add("cut-beats", "cut_beats", "N", "beats in a piece (default 1)");
    add("cut-offset", "cut_offset", "S", "the first beat (default 0)");
    add("onset-threshold", "onset_threshold", "DB", "how much an onset rises (default 6)");
    add("onset-gap", "onset_gap", "S", "seconds between onsets, at least (default 0.05)");
    add("seed", "seed", "N", "join the pieces into one file, in the random order of that number");
    add("crossfade", "crossfade", "S", "seconds in which joined pieces overlap (default 0)");
    add("fade-in", "fade_in", "S", "fade in over S seconds");
    add("fade-out", "fade_out", "S", "fade out over S seconds");
    add("fade-shape", "fade_shape", "SHAPE", "linear, fast-start, smooth, equal-power and others");
    add("fade-curve", "fade_curve", "X", "bend the shape, -1 to 1");
    add("g,gain-db", "gain_db", "DB", "amplify by so many decibels");
    add("n,normalize", "normalize", "LEVEL", "amplify to a peak, true-peak or loudness");
    add("normalize-to", "normalize_to", "DB", "that level (default -1 dBFS, -1 dBTP, -23 LUFS)");
    add("normalize-limit", "normalize_limit", "DB", "less gain rather than a peak above that");
    add("dither", "dither", "", "add noise of one step before rounding to 16 or 24 bits");
    add("b,bit-depth", "bit_depth", "DEPTH", "16, 24 or 32f (default: as before)");
    add("f,format", "format", "FORMAT",
        joined(setting("format").choices, ", ") + " (default: as OUT)");
}

// Before any work starts. A file that exists but cannot be read gets its error in its record.
std::string checked_operand(const std::string& operand) {
    if (operand.empty()) throw UsageError("an operand is empty; name an audio file");
    auto path = operand == "-" ? "/dev/stdin" : absolute_path(operand);
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0 && (errno == ENOENT || errno == ENOTDIR))
        throw UsageError(printable(operand) + ": there is no such file");
    return path;
}

EditTarget parse_target(const std::optional<std::string>& output, bool no_sync,
                        std::size_t operands) {
    EditTarget target{.sync = no_sync ? Sync::none : Sync::first};
    if (!output && operands > 0)
        throw UsageError("-o OUT is missing: the file or the folder to write to");
    if (!output) return target;
    if (output->empty()) throw UsageError("-o: is empty; write -o . for this folder");
    std::error_code unseen;
    target.is_folder = output->ends_with('/') || std::filesystem::is_directory(*output, unseen);
    if (!target.is_folder && operands != 1)
        throw UsageError(
            "-o: '" + printable(*output) + "' is not a folder, and " +
            (operands > 1 ? "there are several files" : "there may be several records") +
            "; end it with a slash to make one");
    target.path = *output == "-" ? "/dev/stdout" : output_folder("-o", *output);
    return target;
}

// NAME=TEXT in two parts.
std::pair<std::string, std::string> parse_pair(std::string_view option, const std::string& pair) {
    const auto equals = pair.find('=');
    if (equals == pair.npos || equals == 0 || !is_utf8(pair))
        throw UsageError(std::string(option) + ": '" + printable(pair) +
                         "' is not a name, an equals sign and a text");
    return {pair.substr(0, equals), pair.substr(equals + 1)};
}

Record parse_tags(const std::vector<std::string>& given) {
    Record tags("{}");
    for (const auto& pair : given) {
        const auto [name, text] = parse_pair("--tag", pair);
        tags.set(name, text);
    }
    return tags;
}

void set_field(const std::string& pair, Record& fields) {
    const auto [key, value] = parse_pair("--set", pair);
    for (const auto& known : settings())
        if (known.key == key) return fields.set_json(key, setting_json(known, value));
    throw UsageError("--set: there is no setting '" + printable(key) + "'");
}

// What is wrong in every record is reported before any work starts. The other options may need
// fields of a record.
void check_settings(const Record& given) try {
    Record alone("{}");
    for (const auto* key : {"channel_map", "fade_shape", "normalize"})
        if (const auto json = given.raw(key)) alone.set_json(key, *json);
    (void)read_edit_settings(alone);
} catch (const Error& error) {
    throw UsageError(error.what());
}

Options parse_options(int argc, char** argv) {
    CommandLine line(
        "audio-edit", "[OPTION]... [FILE]...",
        "Edits audio: the files named, or those of records on standard input, in the order of the "
        "options.",
        "audio-edit -o short.wav --trim-silence both --fade-out 0.01 -n peak long.wav");
    std::optional<std::string> output;
    std::vector<std::string> tags, fields;
    bool no_sync = false;
    SettingOptions settings;
    Options options;
    line.text("o,output", "OUT", output,
              "file or folder to write; default: the record's output_path");
    declare_settings(line, settings);
    line.texts("tag", "NAME=TEXT", tags, "title, author, note, comment, ...; no TEXT: remove it");
    line.texts("set", "KEY=VALUE", fields, "another field of a record, such as quality=7");
    line.flag("strict", options.strict, "a misspelt field is an error");
    line.flag("no-sync", no_sync, "do not wait until files are on the disk");
    const auto operands = line.parse(argc, argv);
    for (const auto& operand : operands) options.files.push_back(checked_operand(operand));
    options.target = parse_target(output, no_sync, operands.size());
    options.settings = settings.fields();
    if (!tags.empty()) options.settings.set_json("audio_tags", parse_tags(tags).line());
    for (const auto& field : fields) set_field(field, options.settings);
    check_settings(options.settings);
    return options;
}

// Before a file is written. Two records must not become one file, nor one file be changed twice.
void check_path(const std::string& path, bool in_folder, std::set<std::string>& taken) {
    check_output_descriptor(path);
    struct stat info {};
    if (names_stdout(path) || (::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode))) return;
    if (taken.insert(absolute_path(path)).second) return;
    throw Error(ErrorKind::bad_record, path,
                std::string("was written for another record already; ") +
                    (in_folder ? "give -o another folder" : "name another file"));
}

// Where the audio goes to standard output, no record must be.
void write_result(const Record& record, RecordWriter& out) {
    if (!names_stdout(record.text("output_path").value_or(""))) return out.write(record);
    RecordWriter err(STDERR_FILENO);
    err.write(record);
    err.flush();
}

void edit_record(const Options& options, const Record& record, RecordWriter& out) {
    if (!has_audio(record)) return out.write(record);
    auto wanted = record;
    wanted.set_all(options.settings);
    edit_file(record, wanted, options.target,
              [&](const Record& result) { write_result(result, out); });
}

ExitStatus edit_operands(const Options& options) {
    RecordWriter out(STDOUT_FILENO);
    const bool all = take_operands(
        options.files, "input_path", "file",
        [&](Record& record) { edit_record(options, record, out); },
        [&](const Record& record) {
            if (record.is_error()) out.write(record);
        },
        warn);
    out.flush();
    return all ? out.status() : ExitStatus::some_failed;
}

ExitStatus run(int argc, char** argv) {
    auto options = parse_options(argc, argv);
    std::set<std::string> taken;
    options.target.own_comment = provenance_begin;
    options.target.check = [&](const std::string& path) {
        check_path(path, options.target.is_folder, taken);
    };
    if (!options.files.empty()) return edit_operands(options);
    options.target.records = stream_of_records();
    FieldSpelling spelling(options.strict, warn);
    return filter([&](Record& record, RecordWriter& out) {
        spelling.check(record);
        edit_record(options, record, out);
    });
}

}  // namespace

int main(int argc, char** argv) {
    return run_tool("audio-edit", [&] { return run(argc, argv); });
}
