// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "songjobs/track_midi.h"

#include <algorithm>
#include <bitset>
#include <unordered_map>

namespace patchpipe {
namespace {

using Channels = MidiPart::Channels;

constexpr std::int64_t no_midi = 31, channel_bits = 31, target_shift = 5;

// REAPER's number of a send: the channel that it takes, 0 for all, and that it goes to, 0 for the
// same.
Channels channels_of(std::int64_t number) {
    const auto from = number & channel_bits, to = number >> target_shift & channel_bits;
    Channels channels = MidiPart::all;
    for (std::size_t i = 0; i < channels.size(); ++i) {
        if (from != 0 && static_cast<std::size_t>(from) != i + 1) channels[i] = -1;
        if (channels[i] >= 0 && to >= 1 && to <= 16) channels[i] = static_cast<int>(to) - 1;
    }
    return channels;
}

Channels through(const Channels& first, const Channels& second) {
    Channels both = first;
    for (auto& channel : both)
        if (channel >= 0) channel = second[static_cast<std::size_t>(channel)];
    return both;
}

/// A track whose MIDI is heard, on these channels.
struct MidiSource {
    std::string track;
    Channels channels;
};

/// Which channels of tracks are heard on which: MIDI may go round in a circle, and come from one
/// track in several ways.
class Heard {
 public:
    /// Leaves only what was not there before. Returns false if nothing is left.
    bool add(const std::string& track, Channels& channels) {
        auto& pairs = tracks_[track];
        bool any = false;
        for (std::size_t from = 0; from < channels.size(); ++from) {
            if (channels[from] < 0) continue;
            auto pair = pairs[from * channels.size() + static_cast<std::size_t>(channels[from])];
            if (pair) channels[from] = -1;
            any = any || !pair;
            pair = true;
        }
        return any;
    }

 private:
    static constexpr std::size_t pairs = std::tuple_size_v<Channels> * std::tuple_size_v<Channels>;
    std::unordered_map<std::string, std::bitset<pairs>> tracks_;
};

void add_parts(std::vector<MidiPart>& parts, const SongModel& song, const RoutedTrack& track,
               const Channels& channels) {
    if (!song.events(track.track).empty()) parts.push_back({track.track, channels});
    for (const auto& take : track.takes)
        if (take.effects.empty() && !song.events(take.item).empty())
            parts.push_back({take.item, channels});
}

}  // namespace

std::vector<MidiPart> track_midi(const SongModel& song, const Routing& routing,
                                 const std::string& track) {
    std::vector<MidiPart> parts;
    std::vector<MidiSource> open{{track, MidiPart::all}};
    Heard heard;
    heard.add(track, open[0].channels);
    const auto listen = [&](const std::string& source, Channels channels) {
        if (heard.add(source, channels)) open.push_back({source, channels});
    };
    for (std::size_t i = 0; i < open.size(); ++i) {
        const auto [id, channels] = open[i];
        const auto& routed = routing.track(id);
        if (!routed.heard) continue;
        add_parts(parts, song, routed, channels);
        for (const auto& child : routed.children)
            if (routing.track(child).effects.empty()) listen(child, channels);
        for (const auto& send : song.sends(id)) {
            const auto& record = *song.find(send);
            const auto midi = record.integer("midi").value_or(0);
            const auto source = record.text("source_track").value_or("");
            if (record.flag("mute").value_or(false) || (midi & channel_bits) == no_midi) continue;
            listen(source, through(channels_of(midi), channels));
        }
    }
    return parts;
}

std::vector<MidiPart> take_midi(const SongModel& song, const std::string& take) {
    if (song.events(take).empty()) return {};
    return {{take}};
}

}  // namespace patchpipe
