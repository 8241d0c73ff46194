// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "songjobs/input_song.h"

#include <unordered_set>

namespace patchpipe {
namespace {

class InputSongWriter {
 public:
    explicit InputSongWriter(const SongModel& song) : song_(song) {
        add(song.song());
        for (const auto& tempo : song.tempos()) add(tempo);
    }

    /// goes_on: into its folder, or the master.
    void add_track(const RoutedTrack& track, bool goes_on) {
        add_owned(track.track, track.effects);
        const auto* known = song_.find(track.track);
        if (!known) return;
        auto record = *known;
        for (const auto* const key : {"mute", "solo", "solo_defeat"}) record.remove(key);
        if (!goes_on && track.track != "master") {
            record.remove("parent");
            record.set("master_send", false);
        }
        add(record);
    }

    /// The same with what is below its chain.
    void add_below(const RoutedTrack& track, bool goes_on) {
        add_track(track, goes_on);
        for (const auto& take : track.takes) add_take(take);
        for (const auto& send : track.receives) {
            add(*song_.find(send));
            add_envelopes(send);
        }
    }

    void add_take(const RoutedTake& take) {
        for (const auto& id : {take.first_take, take.item})
            if (added_.insert(id).second) add(*song_.find(id));
        add_owned(take.item, take.effects);
        if (!take.effects.empty()) input_.stems.push_back(take.item);
        const auto media = media_of(song_, take.item);
        if (!media.empty() && added_.insert("file " + media).second) input_.media.push_back(media);
    }

    [[nodiscard]] InputSong take() { return std::move(input_); }

 private:
    void add(const Record& record) { input_.records += record.line() + "\n"; }

    void add_envelopes(const std::string& owner) {
        for (const auto& id : song_.envelopes(owner)) {
            add(*song_.find(id));
            for (const auto& more : song_.more(id)) input_.records += more + "\n";
        }
    }

    void add_owned(const std::string& owner, const SongModel::Ids& effects) {
        add_envelopes(owner);
        for (const auto& id : effects) {
            auto effect = *song_.find(id);
            for (const auto* const key : {"state", "container"}) effect.remove(key);
            add(effect);
        }
    }

    const SongModel& song_;
    InputSong input_;
    std::unordered_set<std::string> added_;
};

}  // namespace

InputSong song_below(const SongModel& song, const Routing& routing, const std::string& track) {
    InputSongWriter writer(song);
    SongModel::Ids open{track}, stems;
    std::unordered_set<std::string> below{track}, heard{track}, going_on;
    const auto hear = [&](const std::string& id, bool pre_fx) {
        const bool is_stem = !pre_fx && !routing.track(id).effects.empty();
        if (heard.insert(id).second && is_stem) stems.push_back(id);
        if (!is_stem && below.insert(id).second) open.push_back(id);
    };
    for (std::size_t i = 0; i < open.size(); ++i) {
        const auto& routed = routing.track(open[i]);
        for (const auto& child : routed.children) {
            going_on.insert(child);
            hear(child, false);
        }
        for (const auto& send : routed.receives) {
            const auto& record = *song.find(send);
            hear(record.text("source_track").value_or(""), is_pre_fx(record));
        }
    }
    // A stem is also heard before its effects if a pre-fx send takes it there.
    for (const auto& id : stems)
        if (!below.contains(id)) writer.add_track(routing.track(id), going_on.contains(id));
    for (const auto& id : open) writer.add_below(routing.track(id), going_on.contains(id));
    auto input = writer.take();
    input.stems.insert(input.stems.end(), stems.begin(), stems.end());
    return input;
}

InputSong song_of_take(const SongModel& song, const std::string& track, const RoutedTake& take) {
    InputSongWriter writer(song);
    RoutedTrack alone;
    alone.track = track;
    writer.add_track(alone, false);
    writer.add_take(take);
    auto input = writer.take();
    input.stems.clear();
    return input;
}

std::string media_of(const SongModel& song, const std::string& take) {
    const auto source = song.find(take)->raw("source");
    const auto path = source ? Record(*source).path("path").value_or("") : "";
    return path.empty() ? "" : song.file_path(path);
}

}  // namespace patchpipe
