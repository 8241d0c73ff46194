// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Compares two audio files and writes one record with their differences.

#include <unistd.h>
#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "audio/audio_difference.h"
#include "audio/audio_reader.h"
#include "audio/cut_audio.h"
#include "base/json.h"
#include "base/utf8.h"
#include "base/words.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "measure/null_test.h"
#include "record/filter.h"

using namespace patchpipe;

namespace {

struct Options {
    std::string a, b;
    double tolerance = 0;
    bool quiet = false, align = false;
};

Options parse_options(int argc, char** argv) {
    constexpr double most_tolerance = 1000;
    Options options;
    CommandLine line("wav-diff", "[OPTION]... A B",
                     "Compares two audio files, WAV, FLAC, Ogg or npy, sample by sample. The exit "
                     "status is 0 if\nthey are equal, 1 if they differ, 2 if one of them cannot be "
                     "read.",
                     "wav-diff --tolerance 0.0001 before.wav after.wav");
    line.number("t,tolerance", "X", options.tolerance, 0, most_tolerance,
                "count a difference of up to X as none; full scale is 1 (default 0)");
    line.flag("q,quiet", options.quiet, "print nothing; the exit status tells");
    line.flag("align", options.align, "find how much later B is, and what differs apart from that");
    const auto operands = line.parse(argc, argv);
    if (operands.size() != 2)
        throw UsageError("takes two audio files, not " + std::to_string(operands.size()));
    if (options.align && options.quiet) throw UsageError("--align and --quiet exclude each other");
    options.a = operands[0];
    options.b = operands[1];
    for (const auto& path : operands) {
        if (path.empty()) throw UsageError("an operand is empty; name an audio file");
        if (!options.quiet && !is_utf8(path))
            throw UsageError(printable(path) +
                             ": the name is not UTF-8, which a record requires; rename the file, "
                             "or give --quiet");
    }
    return options;
}

// In decibels to a thousandth.
std::string decibels(const std::optional<double>& level) {
    return level ? json_number(std::round(*level * 1000) / 1000) : "null";
}

std::string rate(const AudioReader& reader) {
    return reader.sample_rate() ? json_number(std::int64_t{*reader.sample_rate()}) : "null";
}

// All of a file from its beginning.
Channels channels_of(AudioReader& reader, const std::string& path) {
    constexpr std::int64_t most_samples = std::int64_t{1} << 26;
    if (reader.frames() * reader.channels() > most_samples)
        throw Error(ErrorKind::unsupported, path,
                    "has more than 67108864 samples, the most for --align; cut it");
    reader.seek(0);
    const auto count = static_cast<std::size_t>(reader.channels());
    Channels channels(count);
    for (auto& channel : channels) channel.reserve(static_cast<std::size_t>(reader.frames()));
    std::vector<double> piece(count * 4096);
    while (const auto frames = reader.read(piece.data(), 4096))
        for (std::size_t i = 0; i < static_cast<std::size_t>(frames) * count; ++i)
            channels[i % count].push_back(static_cast<float>(piece[i]));
    return channels;
}

bool has_finite_samples(const Channels& channels) {
    return std::all_of(channels.begin(), channels.end(),
                       [](const auto& channel) { return bad_samples(channel).non_finite == 0; });
}

// Where the two can be laid on each other: frames that only one has do not count.
void add_alignment(const Options& options, AudioReader& reader_a, AudioReader& reader_b,
                   Record& record) {
    auto a = channels_of(reader_a, options.a), b = channels_of(reader_b, options.b);
    if (a.size() != b.size()) return;
    const auto frames = std::min(a[0].size(), b[0].size());
    for (auto* channels : {&a, &b})
        for (auto& channel : *channels) channel.resize(frames);
    const bool finite = has_finite_samples(a) && has_finite_samples(b);
    if (!finite || frames == 0) return;
    const auto test = null_test(a, b);
    record.set("lag_frames", test.lag);
    record.set_json("residual_db", decibels(test.residual_db));
    record.set_json("residual_peak_db", decibels(test.residual_peak_db));
}

void report(const Options& options, AudioReader& a, AudioReader& b, const AudioDifference& found) {
    Record record("{}");
    record.set("a", options.a);
    record.set("b", options.b);
    record.set("equal", found.equal());
    record.set("frames_a", found.frames_a);
    record.set("frames_b", found.frames_b);
    record.set("channels_a", a.channels());
    record.set("channels_b", b.channels());
    record.set_json("sample_rate_a", rate(a));
    record.set_json("sample_rate_b", rate(b));
    record.set("max_difference", found.max);
    record.set_json("max_difference_db", decibels(found.max_db()));
    record.set_json("rms_difference_db", decibels(found.rms_db()));
    record.set_json("first_difference",
                    found.first_frame ? json_number(*found.first_frame) : "null");
    record.set("differing_samples", found.differing_samples);
    if (options.align) add_alignment(options, a, b, record);
    RecordWriter out(STDOUT_FILENO);
    out.write(record);
    out.flush();
}

ExitStatus compare(const Options& options) {
    AudioReader a(options.a), b(options.b);
    const auto found = compare_audio(a, b, options.tolerance, options.quiet);
    if (!options.quiet) {
        report(options, a, b, found);
        for (const auto& path : {options.a, options.b})
            if (const auto why = why_not_all_is_read(path))
                warn(path + ": " + *why + "; compared as far as that");
    }
    return found.equal() ? ExitStatus::ok : ExitStatus::some_failed;
}

ExitStatus run(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    try {
        return compare(options);
    } catch (const Error& error) {
        // As status 1 has a meaning of its own here, whatever cannot be read is 2.
        warn(error.what());
        return ExitStatus::usage;
    }
}

}  // namespace

int main(int argc, char** argv) {
    return run_tool("wav-diff", [&] { return run(argc, argv); });
}
