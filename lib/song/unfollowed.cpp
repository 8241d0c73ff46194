// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/unfollowed.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "base/json.h"
#include "song/event_list.h"

namespace patchpipe {
namespace {

// REAPER's number of how items on one track mix; the usual one is 1, all are heard.
constexpr std::int64_t enclosed_replace = 0, all_replace = 2;

bool is_shifted(const Record& track) {
    constexpr std::int64_t is_off = 1;
    return track.number("play_offset").value_or(0) != 0 &&
           track.integer("play_offset_flags").value_or(is_off) % 2 != is_off;
}

// True if an item of the track covers a part of an earlier one, beyond a crossfade of the two.
bool replaces(const SongModel& song, const RoutedTrack& track, const TempoMap& tempo,
              bool only_enclosed) {
    std::vector<std::pair<double, double>> spans;  // an item's begin and end
    std::string last;
    for (const auto& take : track.takes) {
        if (take.first_take == last) continue;  // of the same item
        last = take.first_take;
        const auto& item = *song.find(take.item);
        const double begin = record_place(item, tempo).time;
        const double fade = std::max(0.0, item.number("auto_fade_in").value_or(0));
        const double end = begin + item_length(item, tempo);
        spans.emplace_back(begin + (only_enclosed ? 0 : fade), end);
    }
    std::sort(spans.begin(), spans.end(), [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first < b.first : a.second > b.second;
    });
    constexpr double nothing = 1e-6;  // seconds
    double furthest = -std::numeric_limits<double>::infinity();
    for (const auto& [begin, end] : spans) {
        if ((only_enclosed ? end : begin + nothing) <= furthest && end > begin) return true;
        furthest = std::max(furthest, end);
    }
    return false;
}

Error not_followed(const std::string& id, const std::string& what) {
    return {ErrorKind::unsupported, id, what};
}

}  // namespace

std::vector<Error> unfollowed(const SongModel& song, const Routing& routing) {
    std::vector<Error> errors;
    if (const auto rate = song.song().number("play_rate"); rate && *rate != 1)
        errors.push_back(not_followed("song", "plays at the rate " + json_number(*rate) +
                                                  ", which cannot be followed; set play_rate, "
                                                  "REAPER's master play rate, to 1"));
    const auto mode = song.song().integer("item_mix").value_or(1);
    const auto tempo = song.tempo_map();
    for (const auto& track : routing.tracks()) {
        const auto* const record = song.find(track.track);
        if (!record || !track.heard) continue;
        if (is_shifted(*record) && !(track.takes.empty() && song.events(track.track).empty()))
            errors.push_back(not_followed(track.track,
                                          "has a playback offset, which cannot be followed; move "
                                          "its items instead, and set play_offset to 0"));
        if ((mode == enclosed_replace || mode == all_replace) &&
            replaces(song, track, tempo, mode == enclosed_replace))
            errors.push_back(not_followed(
                track.track,
                "has items over others, of which REAPER plays only the upper ones (item_mix " +
                    std::to_string(mode) +
                    "), which cannot be followed; cut or mute what is below, or let items mix"));
    }
    return errors;
}

}  // namespace patchpipe
