// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Mixes the audio files that records name into one file, each at a time of its own.

#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "audio/audio_writer.h"
#include "audio/measures.h"
#include "audio/meter.h"
#include "audio/mix.h"
#include "base/utf8.h"
#include "base/words.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "file/absolute.h"
#include "file/output.h"
#include "file/whole_file.h"
#include "midi/time_map.h"
#include "mix/format_options.h"
#include "mix/mix_records.h"
#include "record/field_spelling.h"
#include "record/filter.h"
#include "record/record_loop.h"
#include "record/record_stream.h"
#include "record/settings.h"

using namespace patchpipe;

namespace {

struct Options {
    std::string output;  // as it is opened
    bool to_stdout = false;
    FormatOptions format;
    PanLaw pan_law = PanLaw::balance;
    std::optional<double> mix_length, master_db, normalize;
    bool keep_going = false, strict = false;
    std::vector<std::string> files;
};

void set_output(Options& options, const std::optional<std::string>& given) {
    if (!given) throw UsageError("-o FILE is missing: the file to write; - is standard output");
    if (given->empty()) throw UsageError("-o: is empty; name a file");
    if (!is_utf8(*given))
        throw UsageError("-o: " + printable(*given) +
                         ": the name is not UTF-8, which a record requires; name another file");
    options.to_stdout = *given == "-" || named_descriptor(*given) == STDOUT_FILENO;
    if (options.to_stdout) refuse_terminal("-", "the audio");
    const bool is_path = !options.to_stdout && !named_descriptor(*given);
    options.output = is_path ? absolute_path(*given) : *given == "-" ? "/dev/stdout" : *given;
}

Options parse_options(int argc, char** argv) {
    const auto& length = setting("length");
    Options options;
    std::optional<std::string> output;
    std::string pan_law = "balance";
    CommandLine line("audio-mix", "-o FILE [OPTION]... [FILE]...",
                     "Mixes audio files into one: those that records on standard input name, each "
                     "at its time,\nor the operands, all from the beginning.",
                     "jq -c '.time = .note / 10' results.ndjson | audio-mix -o mix.wav");
    line.text("o,output", "FILE", output, "the file to write; - is standard output");
    options.format.declare(line, "that of the first input", "2, or the most that an input has");
    line.choice("p,pan-law", pan_law, {"balance", "constant-power"}, "how pan sets the levels");
    line.number("l,mix-length", "SECONDS", options.mix_length, 0, 2 * length.max,
                "of the file; default: to the end of the last item");
    line.number("master-db", "DB", options.master_db, setting("gain_db").min,
                setting("gain_db").max, "gain of the whole mix");
    line.number("normalize", "DB", options.normalize, -200, 0,
                "bring the mix's peak to this level below full scale");
    line.flag("k,keep-going", options.keep_going, "mix what can be mixed, and leave out the rest");
    line.flag("strict", options.strict, "a misspelt field is an error");
    options.files = line.parse(argc, argv);

    if (options.master_db && options.normalize)
        throw UsageError("--master-db and --normalize exclude each other");
    set_output(options, output);
    if (pan_law == "constant-power") options.pan_law = PanLaw::constant_power;
    options.format.choose(output);
    for (const auto& file : options.files)
        if (file.empty()) throw UsageError("an operand is empty; name an audio file");
    return options;
}

// What is to be mixed, as what file.
struct Plan {
    std::vector<MixItem> items;
    MixFormat format;
    AudioFormat file;
};

Plan plan_of(const Options& options, MixRecords& records) {
    // Operands are given in an order of the user's, and records may come in any.
    if (options.files.empty()) records.sort();
    const auto rate =
        static_cast<int>(options.format.sample_rate().value_or(records.sample_rate()));
    records.sort();
    const auto channels =
        static_cast<int>(options.format.channels().value_or(records.most_channels()));
    Plan plan{.items = records.items(rate),
              .format = {.channels = channels, .sample_rate = rate, .pan_law = options.pan_law},
              .file = options.format.audio_format(channels, rate)};
    plan.file.frames = options.mix_length
                           ? frame_at(*options.mix_length, rate)
                           : Mix(plan.items, plan.format, records.sources()).frames();
    return plan;
}

// Calls use with all frames, block by block.
template <typename Use>
void for_each_block(const Plan& plan, MixSources& sources, Use use) {
    constexpr int most_samples = 1 << 15, least_frames = 64;
    const auto block_frames = std::max(least_frames, most_samples / plan.format.channels);
    Mix mix(plan.items, plan.format, sources);
    std::vector<double> block;
    for (auto left = plan.file.frames; left > 0; left -= block_frames) {
        block.resize(static_cast<std::size_t>(std::min<std::int64_t>(left, block_frames)) *
                     static_cast<std::size_t>(plan.format.channels));
        mix.read(block);
        use(block);
    }
}

double linear(double decibels) { return std::pow(10, decibels / 20); }

// Mixes once to find the peak.
double normalizing_gain(double level_db, const Plan& plan, MixSources& sources) {
    double peak = 0;
    for_each_block(plan, sources, [&](const std::vector<double>& block) {
        for (const double sample : block) peak = std::max(peak, std::abs(sample));
    });
    return peak > 0 ? linear(level_db) / peak : 1;
}

Meter write_mix(const Plan& plan, double gain, MixSources& sources, AudioWriter& writer) {
    Meter meter;
    std::vector<float> samples;
    for_each_block(plan, sources, [&](const std::vector<double>& block) {
        samples.resize(block.size());
        std::transform(block.begin(), block.end(), samples.begin(),
                       [gain](double sample) { return static_cast<float>(sample * gain); });
        meter.add(samples);
        writer.write(samples);
    });
    return meter;
}

// Mixes into the file, and sets the result.
void mix_into_file(const Options& options, MixRecords& records, Record& result) {
    const auto plan = plan_of(options, records);
    // What the file cannot hold is refused here, before the work.
    WholeFile file(options.output);
    AudioWriter writer(file.fd(), file.straight() ? Medium::stream : Medium::file, plan.file,
                       options.output);
    auto& sources = records.sources();
    const double gain = options.normalize ? normalizing_gain(*options.normalize, plan, sources)
                                          : linear(options.master_db.value_or(0));
    const auto meter = write_mix(plan, gain, sources, writer);
    if (meter.non_finite_samples() > 0)
        throw Error(ErrorKind::non_finite, options.output,
                    "was not written: the mix is too loud for float32 in " +
                        std::to_string(meter.non_finite_samples()) + " samples; lower the gains");
    writer.close();
    file.commit(Sync::first);

    result.set("status", "ok");
    result.set("items", static_cast<std::int64_t>(records.size()));
    result.set("sample_rate", plan.file.sample_rate);
    result.set("format", options.format.format());
    result.set("bit_depth", options.format.bit_depth());
    result.set("frames", plan.file.frames);
    result.set("channels", plan.file.channels);
    if (options.normalize) result.set("master_db", 20 * std::log10(gain));
    set_measures(result, meter, plan.file.depth);
}

void mix_or_fail(const Options& options, MixRecords& records, std::int64_t failed, Record& result) {
    if (failed > 0 && (!options.keep_going || records.size() == 0))
        throw Error(ErrorKind::bad_record, options.output,
                    "was not written: " + std::to_string(failed) + " of " +
                        std::to_string(failed + static_cast<std::int64_t>(records.size())) +
                        " records cannot be mixed; correct them" +
                        (records.size() == 0 ? "" : ", or give --keep-going to leave them out"));
    mix_into_file(options, records, result);
}

// Before any work starts. With --keep-going a file that is missing is an error record.
void check_operands(const Options& options) {
    for (const auto& file : options.files) {
        struct stat info {};
        if (!options.keep_going && ::stat(file.c_str(), &info) != 0 &&
            (errno == ENOENT || errno == ENOTDIR))
            throw UsageError(printable(file) + ": there is no such file");
    }
}

// A list of records is read to its end before the mix would replace it.
void refuse_records_as_output(const Options& options, const std::optional<struct stat>& stream) {
    struct stat file {};
    if (stream && S_ISREG(stream->st_mode) && ::stat(options.output.c_str(), &file) == 0 &&
        file.st_dev == stream->st_dev && file.st_ino == stream->st_ino)
        throw UsageError("-o: " + options.output +
                         " is where the records come from, and would be lost; name another file");
}

// Calls add with each record, and refuse with one that it refuses. Returns false if there were
// operands that no record can hold.
bool read_records(const Options& options, const HandleRecord& add, const WriteRecord& refuse,
                  LineWriter& lines) {
    if (!options.files.empty())
        return take_operands(options.files, "input_path", "file", add, refuse, warn);
    LineReader in(STDIN_FILENO, lines);
    RecordLoop loop(add, refuse);
    while (const auto line = in.next()) loop.take(*line, in.cut());
    return true;
}

ExitStatus run(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    check_operands(options);
    if (options.files.empty()) refuse_terminal_input("records");
    const auto stream = options.files.empty() ? stream_of_records() : std::nullopt;
    refuse_records_as_output(options, stream);
    // Where the audio goes to standard output, no record must be.
    RecordWriter out(options.to_stdout ? STDERR_FILENO : STDOUT_FILENO);
    MixRecords records({.output = options.output,
                        .stream = stream,
                        .channels = options.format.channels(),
                        .check_all = options.keep_going});
    std::int64_t failed = 0;
    const auto refuse = [&](const Record& record) {
        if (!record.is_error()) return;
        ++failed;
        out.write(record);
    };
    FieldSpelling spelling(options.strict, warn);
    const auto add = [&](Record& record) {
        spelling.check(record);
        records.add(record);
    };
    if (!read_records(options, add, refuse, out.lines())) ++failed;
    if (records.size() == 0 && failed == 0) {
        warn("there is no record, so " + options.output + " was not written");
        return ExitStatus::ok;
    }
    Record result("{}");
    result.set("output_path", options.output);
    try {
        mix_or_fail(options, records, failed, result);
    } catch (const Error& error) {
        result.set_error(error);
    }
    out.write(result);
    out.flush();
    return failed > 0 ? ExitStatus::some_failed : out.status();
}

}  // namespace

int main(int argc, char** argv) {
    return run_tool("audio-mix", [&] { return run(argc, argv); });
}
