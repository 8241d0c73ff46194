// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Compares two audio files and writes one record with their differences.

#include <unistd.h>
#include <cmath>
#include <optional>
#include <string>

#include "audio/audio_difference.h"
#include "audio/audio_reader.h"
#include "base/json.h"
#include "base/utf8.h"
#include "base/words.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "record/filter.h"

using namespace patchpipe;

namespace {

struct Options {
    std::string a, b;
    double tolerance = 0;
    bool quiet = false;
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
    const auto operands = line.parse(argc, argv);
    if (operands.size() != 2)
        throw UsageError("takes two audio files, not " + std::to_string(operands.size()));
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

void report(const Options& options, const AudioReader& a, const AudioReader& b,
            const AudioDifference& found) {
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
    RecordWriter out(STDOUT_FILENO);
    out.write(record);
    out.flush();
}

ExitStatus compare(const Options& options) {
    AudioReader a(options.a), b(options.b);
    const auto found = compare_audio(a, b, options.tolerance, options.quiet);
    if (!options.quiet) report(options, a, b, found);
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
