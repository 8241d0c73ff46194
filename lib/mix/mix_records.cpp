// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "mix/mix_records.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "audio/record_fade.h"
#include "audio/resample.h"
#include "base/error.h"
#include "base/words.h"
#include "file/absolute.h"
#include "file/whole_file.h"
#include "midi/time_map.h"
#include "record/audio_key.h"
#include "record/record_stream.h"
#include "record/settings.h"

namespace patchpipe {

void MixRecords::add(const Record& record) {
    const auto part = part_of(record);
    const auto path = path_of(record);
    if (same_regular_file(path, limits_.output))
        throw Error(ErrorKind::bad_record, "input_path",
                    path + " is the file to write, which would be lost; name another one");
    const Entry entry{sources_.add(path, limits_.check_all), part};
    check(entry);
    entries_.push_back(entry);
}

MixRecords::Part MixRecords::part_of(const Record& record) {
    const auto number = [&](std::string_view key) { return number_setting(record, key); };
    const bool to_end = !record.raw("length");
    const int in_shape = record_fade_shape(record, "fade_in_shape");
    const int out_shape = record_fade_shape(record, "fade_out_shape");
    const Part part{
        .time = number("time"),
        .offset = number("offset"),
        .length = to_end ? -1 : number("length"),
        .rate = number("rate"),
        .gain_db = number("gain_db"),
        .pan = number("pan"),
        .fade_in = number("fade_in"),
        .fade_out = number("fade_out"),
        .fade_in_shape = in_shape,
        .fade_out_shape = out_shape,
        .fade_in_curve = record_fade_curve(record, in_shape),
        .fade_out_curve = record_fade_curve(record, out_shape),
        .loop = flag_setting(record, "loop"),
        .sample_rate = record.raw("sample_rate") ? static_cast<int>(number("sample_rate")) : 0};
    if (part.loop && to_end)
        throw Error(ErrorKind::bad_record, "loop",
                    "would repeat the file without end; add a length");
    return part;
}

std::string MixRecords::path_of(const Record& record) const {
    const auto key = audio_key(record);
    const auto path = record.path(key);
    if (!path || path->empty())
        throw Error(ErrorKind::bad_record, "input_path",
                    "is missing; name an audio file there or in output_path");
    if (limits_.stream) refuse_as_file(*limits_.stream, key, *path);
    return absolute_path(*path);
}

void MixRecords::check(const Entry& entry) const {
    const auto& path = sources_.path(entry.source);
    const int channels = sources_.channels(entry.source);
    if (channels > 2 && entry.part.pan != 0)
        throw Error(ErrorKind::bad_record, "pan",
                    "is for one or two channels, and " + path + " has " + std::to_string(channels) +
                        "; leave it out");
    if (channels > 2 && limits_.channels && channels > *limits_.channels)
        throw Error(ErrorKind::unsupported, path,
                    "has " + std::to_string(channels) + " channels, and the mix " +
                        std::to_string(*limits_.channels) +
                        "; give a greater --channels, or mix the file down before");
    const auto frames = sources_.frames(entry.source);
    const int rate = rate_of(entry);
    if (rate > 0 && frames > 0 && frame_at(entry.part.offset, rate) >= frames)
        throw Error(ErrorKind::bad_record, "offset",
                    "is behind the end of " + path + ", which has " + std::to_string(frames) +
                        " frames at " + std::to_string(rate) + " Hz");
}

void MixRecords::sort() {
    std::sort(entries_.begin(), entries_.end(), [&](const Entry& a, const Entry& b) {
        if (a.part.time != b.part.time) return a.part.time < b.part.time;
        if (a.source != b.source) return sources_.path(a.source) < sources_.path(b.source);
        return a.part < b.part;
    });
}

int MixRecords::sample_rate() const {
    for (const auto& entry : entries_)
        if (const int rate = rate_of(entry)) return rate;
    return static_cast<int>(number_setting(Record("{}"), "sample_rate"));
}

int MixRecords::most_channels() const {
    int most = 2;
    for (const auto& entry : entries_) most = std::max(most, sources_.channels(entry.source));
    return most;
}

std::vector<MixItem> MixRecords::items(int mix_rate) const {
    std::vector<MixItem> items;
    items.reserve(entries_.size());
    for (const auto& entry : entries_) items.push_back(item_of(entry, mix_rate));
    return items;
}

// 0 if nobody knows.
int MixRecords::rate_of(const Entry& entry) const {
    return sources_.sample_rate(entry.source).value_or(entry.part.sample_rate);
}

MixItem MixRecords::item_of(const Entry& entry, int mix_rate) const {
    const auto& part = entry.part;
    const int rate = rate_of(entry) > 0 ? rate_of(entry) : mix_rate;
    const auto source_frames = sources_.frames(entry.source);
    const auto begin = frame_at(part.time, mix_rate);
    const auto source_begin = std::min(frame_at(part.offset, rate), source_frames);
    const double source_rate = rate * part.rate;
    if (source_rate / mix_rate > Resampler::greatest_ratio ||
        mix_rate / source_rate > Resampler::greatest_ratio)
        throw Error(ErrorKind::unsupported, sources_.path(entry.source),
                    "has " + std::to_string(rate) + " Hz, the mix " + std::to_string(mix_rate) +
                        " Hz, and with that rate of playback they are more than " +
                        std::to_string(Resampler::greatest_ratio) +
                        " times apart; give the mix another --sample-rate");
    // Of two items that follow each other the first ends where the second begins.
    const auto frames = part.length < 0
                            ? frames_in_mix(source_frames - source_begin, source_rate, mix_rate)
                            : frame_at(part.time + part.length, mix_rate) - begin;
    return {.source = entry.source,
            .begin = begin,
            .frames = frames,
            .source_begin = source_begin,
            .loop = part.loop,
            .source_rate = source_rate,
            .gain = std::pow(10, part.gain_db / 20),
            .pan = part.pan,
            .fade_in = {.frames = frame_at(part.fade_in, mix_rate),
                        .shape = part.fade_in_shape,
                        .curvature = part.fade_in_curve},
            // The mirror of the fade-in.
            .fade_out = {.frames = frame_at(part.fade_out, mix_rate),
                         .shape = part.fade_out_shape,
                         .curvature = -part.fade_out_curve}};
}

}  // namespace patchpipe
