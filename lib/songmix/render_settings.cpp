// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "songmix/render_settings.h"

#include <algorithm>

#include "base/error.h"
#include "base/json.h"

namespace patchpipe {
namespace {

constexpr double longest = 1e7;  // seconds

[[noreturn]] void refuse(const std::string& subject, const std::string& message) {
    throw Error(ErrorKind::bad_record, subject, message);
}

Record render_of(const SongModel& song) { return Record(song.song().raw("render").value_or("{}")); }

// In seconds, of a moment that may be given in beats.
double time_in(const Record& record, const TempoMap& tempo, const std::string& id,
               std::string_view time_key, std::string_view beat_key) {
    auto time = record.number(time_key);
    if (!time)
        if (const auto beat = record.number(beat_key)) time = tempo.time_at(*beat);
    if (time && *time >= 0 && *time <= longest) return *time;
    refuse(id, std::string(time_key) + " must be 0 seconds or more; correct it");
}

SongRegion region_of(const Record& record, const TempoMap& tempo) {
    const auto id = record.text("marker").value_or("region");
    const auto index = record.integer("index");
    SongRegion region{.name = record.text("name").value_or(""),
                      .index = index ? json_number(*index) : "",
                      .start = time_in(record, tempo, id, "time", "beat"),
                      .end = time_in(record, tempo, id, "end", "end_beat")};
    if (region.end <= region.start) refuse(id, "ends before it begins; correct it");
    if (region.name.empty()) region.name = region.index;
    return region;
}

}  // namespace

int song_sample_rate(const SongModel& song) {
    constexpr double usual = 44100, least = 1000, most = 768000;
    double rate = render_of(song).number("sample_rate").value_or(0);
    if (rate == 0) rate = song.song().number("sample_rate").value_or(usual);
    if (rate >= least && rate <= most) return static_cast<int>(rate);
    refuse("song", "sample_rate must be 1000 to 768000 Hz; correct it");
}

RenderSettings render_settings(const SongModel& song) {
    const auto render = render_of(song);
    constexpr std::int64_t custom = 0, all = 1;
    constexpr std::int64_t custom_tail = 1, all_tail = 2, region_tail = 8;
    constexpr double milliseconds = 1000;
    const auto range = render.integer("range").value_or(all);
    const auto tails = render.integer("tail_ranges").value_or(0);
    const double tail =
        std::clamp(render.number("tail_ms").value_or(0) / milliseconds, 0.0, longest);
    RenderSettings settings;
    constexpr std::int64_t most_channels = 128;
    settings.channels = static_cast<int>(
        std::clamp<std::int64_t>(render.integer("channels").value_or(2), 1, most_channels));
    const double start = render.number("start").value_or(0), end = render.number("end").value_or(0);
    const bool has_range = range == custom && start >= 0 && end > start && end <= longest;
    if (has_range) {
        settings.start = start;
        settings.end = end;
    }
    if ((tails & (has_range ? custom_tail : all_tail)) != 0) settings.tail = tail;
    if ((tails & region_tail) != 0) settings.region_tail = tail;
    return settings;
}

std::vector<SongRegion> song_regions(const SongModel& song) {
    const auto tempo = song.tempo_map();
    std::vector<SongRegion> regions;
    for (const auto& record : song.markers())
        if (record.text("type") == "region") regions.push_back(region_of(record, tempo));
    std::stable_sort(regions.begin(), regions.end(),
                     [](const auto& a, const auto& b) { return a.start < b.start; });
    return regions;
}

}  // namespace patchpipe
