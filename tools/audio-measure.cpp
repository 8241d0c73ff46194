// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Measures audio files, its operands or those that records name: loudness, peaks, silence, pitch.

#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audio/audio_reader.h"
#include "audio/cut_audio.h"
#include "audio/levels.h"
#include "audio/pitch.h"
#include "audio/spectral_centroid.h"
#include "audio/true_peak.h"
#include "base/json.h"
#include "base/words.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "file/absolute.h"
#include "loudness/loudness_meter.h"
#include "record/audio_key.h"
#include "record/filter.h"
#include "record/record_loop.h"
#include "record/record_stream.h"
#include "record/settings.h"

using namespace patchpipe;

namespace {

struct Groups {
    bool levels = false, silence = false, loudness = false, true_peak = false, pitch = false,
         spectrum = false;
};

struct Options {
    Groups groups;
    std::optional<double> silence_threshold;  // dBFS
    std::optional<std::int64_t> sample_rate;  // of npy files
    std::vector<std::string> files;
};

void choose(Groups& groups, const std::string& name) {
    const struct {
        std::string_view name;
        bool Groups::*group;
    } known[] = {{"levels", &Groups::levels},     {"silence", &Groups::silence},
                 {"loudness", &Groups::loudness}, {"true-peak", &Groups::true_peak},
                 {"pitch", &Groups::pitch},       {"spectrum", &Groups::spectrum}};
    bool found = false;
    for (const auto& one : known) {
        if (name != one.name && name != "all") continue;
        groups.*one.group = found = true;
    }
    if (found) return;
    std::vector<std::string_view> names;
    for (const auto& one : known) names.push_back(one.name);
    throw UsageError("--measure: '" + name + "' is not a group; there are: " + joined(names, " ") +
                     " and all");
}

Groups parse_groups(const std::string& list) {
    Groups groups;
    for (std::size_t begin = 0; begin <= list.size();) {
        const auto end = std::min(list.find(',', begin), list.size());
        choose(groups, list.substr(begin, end - begin));
        begin = end + 1;
    }
    return groups;
}

// Before any work starts. A file that exists but cannot be read gets its error in its record.
void check_operand(const std::string& file) {
    struct stat info {};
    if (::stat(file.c_str(), &info) != 0 && (errno == ENOENT || errno == ENOTDIR))
        throw UsageError(printable(file) + ": there is no such file");
}

Options parse_options(int argc, char** argv) {
    const auto& threshold = setting("silence_threshold");
    const auto& rate = setting("sample_rate");
    Options options;
    std::string groups = "levels,silence,loudness,true-peak";
    CommandLine line("audio-measure", "[OPTION]... [FILE]...",
                     "Measures audio: the files named, one record each, or the input_path, or else "
                     "the\noutput_path, of every record on standard input.",
                     "audio-measure --measure loudness,pitch *.wav | jq -c '[.loudness_lufs, "
                     ".pitch_hz]'");
    line.text("m,measure", "LIST", groups,
              "levels, silence, loudness, true-peak (these by default), pitch, spectrum; or all");
    line.number("silence-threshold", "DB", options.silence_threshold, threshold.min, threshold.max,
                "what does not exceed it is silence, in dBFS (default -60)");
    line.whole_number("sample-rate", "HZ", options.sample_rate, static_cast<std::int64_t>(rate.min),
                      static_cast<std::int64_t>(rate.max),
                      "the rate of npy files, which do not state one");
    for (const auto& operand : line.parse(argc, argv)) {
        if (operand.empty()) throw UsageError("an operand is empty; name an audio file");
        options.files.push_back(operand == "-" ? "/dev/stdin" : absolute_path(operand));
        check_operand(options.files.back());
    }
    options.groups = parse_groups(groups);
    return options;
}

// A render without a sample_rate has the default one; any other npy file may have any rate.
int sample_rate(const Options& options, const Record& record, const std::string& path,
                const AudioReader& reader) {
    if (const auto rate = reader.sample_rate()) return *rate;
    if (options.sample_rate) return static_cast<int>(*options.sample_rate);
    if (!record.raw("sample_rate") && audio_key(record) == input_key)
        throw Error(ErrorKind::unsupported, path,
                    "is an npy file, which does not state its sample rate; give --sample-rate or "
                    "set sample_rate");
    return static_cast<int>(number_setting(record, "sample_rate"));
}

// Rounded, with the given number of decimals.
std::string rounded(const std::optional<double>& value, int decimals) {
    if (!value) return "null";
    const double scale = std::pow(10, decimals);
    const double places = std::round(*value * scale) / scale;
    return json_number(places == 0 ? 0.0 : places);  // not -0
}

constexpr int decibel_places = 3, hertz_places = 3, cent_places = 2, dc_places = 9;

// The meters of the groups that were chosen.
class Meters {
 public:
    Meters(const Groups& groups, int channels, int sample_rate, double threshold)
        : groups_(groups), sample_rate_(sample_rate) {
        if (groups.levels) levels_.emplace(channels);
        if (groups.silence) silence_.emplace(channels, threshold);
        if (groups.loudness && LoudnessMeter::measures(channels, sample_rate))
            loudness_.emplace(channels, sample_rate);
        if (groups.true_peak) true_peak_.emplace(channels, sample_rate);
        if (groups.pitch) pitch_.emplace(channels, sample_rate);
        if (groups.spectrum) centroid_.emplace(channels, sample_rate);
    }

    void add(std::span<const double> samples) {
        if (levels_) levels_->add(samples);
        if (silence_) silence_->add(samples);
        if (loudness_) loudness_->add(samples);
        if (true_peak_) true_peak_->add(samples);
        if (pitch_) pitch_->add(samples);
        if (centroid_) centroid_->add(samples);
    }

    void report(Record& record) {
        if (groups_.levels) report_levels(record);
        if (groups_.silence) {
            record.set("leading_silence", seconds(silence_->leading_frames()));
            record.set("trailing_silence", seconds(silence_->trailing_frames()));
        }
        if (groups_.loudness) report_loudness(record);
        if (groups_.true_peak) report_true_peak(record);
        if (groups_.pitch) report_pitch(record);
        if (groups_.spectrum)
            record.set_json("spectral_centroid_hz", rounded(centroid_->finish(), hertz_places));
    }

    [[nodiscard]] double seconds(std::int64_t frames) const {
        return static_cast<double>(frames) / sample_rate_;
    }

 private:
    void report_levels(Record& record) const {
        record.set_json("sample_peak_dbfs", rounded(levels_->peak_db(), decibel_places));
        record.set_json("rms_dbfs", rounded(levels_->rms_db(), decibel_places));
        record.set_json("crest_factor_db", rounded(levels_->crest_factor_db(), decibel_places));
        record.set_json("dc_offset", rounded(levels_->dc_offset(), dc_places));
    }

    void report_loudness(Record& record) const {
        using Value = std::optional<double> (LoudnessMeter::*)() const;
        const auto set = [&](std::string_view key, Value value) {
            record.set_json(key,
                            loudness_ ? rounded(((*loudness_).*value)(), decibel_places) : "null");
        };
        set("loudness_lufs", &LoudnessMeter::integrated);
        set("loudness_range_lu", &LoudnessMeter::range);
        set("max_momentary_lufs", &LoudnessMeter::max_momentary);
        set("max_short_term_lufs", &LoudnessMeter::max_short_term);
    }

    void report_true_peak(Record& record) {
        const double peak = true_peak_->finish();
        record.set_json("true_peak_dbtp",
                        peak > 0 ? rounded(20 * std::log10(peak), decibel_places) : "null");
    }

    void report_pitch(Record& record) {
        constexpr double least_confidence = 0.5;
        const auto pitch = pitch_->finish();
        const bool has_pitch = pitch && pitch->confidence >= least_confidence;
        record.set_json("pitch_hz", has_pitch ? rounded(pitch->hz, hertz_places) : "null");
        const auto note = has_pitch ? nearest_note(pitch->hz) : NearestNote{};
        record.set_json("pitch_note", has_pitch ? json_number(std::int64_t{note.note}) : "null");
        record.set_json("pitch_cents", has_pitch ? rounded(note.cents, cent_places) : "null");
        record.set_json("pitch_confidence",
                        pitch ? rounded(pitch->confidence, decibel_places) : "null");
    }

    Groups groups_;
    int sample_rate_;
    std::optional<Levels> levels_;
    std::optional<SilentEnds> silence_;
    std::optional<LoudnessMeter> loudness_;
    std::optional<TruePeak> true_peak_;
    std::optional<PitchMeter> pitch_;
    std::optional<SpectralCentroid> centroid_;
};

void check_finite(std::span<const double> samples, std::int64_t frame, int channels,
                  const std::string& path) {
    if (const auto found = find_non_finite(samples))
        throw Error(ErrorKind::non_finite, path,
                    "has a sample that is infinite or NaN in frame " +
                        std::to_string(frame + static_cast<std::int64_t>(*found) / channels) +
                        "; it cannot be measured");
}

void measure(const Options& options, const std::string& path, Record& record) {
    constexpr int block_frames = 4096;
    AudioReader reader(path);
    const int channels = reader.channels();
    const int rate = sample_rate(options, record, path, reader);
    const double threshold =
        options.silence_threshold.value_or(number_setting(record, "silence_threshold"));
    Meters meters(options.groups, channels, rate, std::pow(10, threshold / 20));
    std::vector<double> block(static_cast<std::size_t>(channels) * block_frames);
    std::int64_t frames = 0;
    while (const int got = reader.read(block.data(), block_frames)) {
        const std::span<const double> samples(block.data(),
                                              static_cast<std::size_t>(got * channels));
        check_finite(samples, frames, channels, path);
        meters.add(samples);
        frames += got;
    }
    record.set("sample_rate", rate);
    record.set("channels", channels);
    record.set("frames", frames);
    record.set("audio_duration", meters.seconds(frames));
    meters.report(record);
    if (const auto why = why_not_all_is_read(path))
        warn(printable(path) + ": " + *why + "; measured as far as that");
}

ExitStatus measure_files(const Options& options) {
    RecordWriter out(STDOUT_FILENO);
    const bool all = take_operands(
        options.files, "input_path", "file",
        [&](Record& record) { measure(options, record.path("input_path").value_or(""), record); },
        [&](const Record& record) {
            out.write(record);
            out.flush();  // the next file may be long
        },
        warn);
    return all ? out.status() : ExitStatus::some_failed;
}

void measure_record(const Options& options, Record& record, RecordWriter& out) {
    static const auto records = stream_of_records();
    const auto key = audio_key(record);
    if (const auto path = record.path(key)) {
        if (path->empty()) throw Error(ErrorKind::bad_record, key, "must not be empty");
        if (records) refuse_as_file(*records, key, *path);
        measure(options, *path, record);
    }
    out.write(record);
}

ExitStatus run(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    if (!options.files.empty()) return measure_files(options);
    return filter([&](Record& record, RecordWriter& out) { measure_record(options, record, out); });
}

}  // namespace

int main(int argc, char** argv) {
    return run_tool("audio-measure", [&] { return run(argc, argv); });
}
