// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/routing.h"

#include <algorithm>

#include "base/error.h"

namespace patchpipe {
namespace {

const std::string master = "master";

/// From a track into its folder, or through a send.
struct Edge {
    std::size_t from, to;
    std::string send;  ///< empty: into the folder
};

bool is_flag(const Record& record, std::string_view key) {
    return record.flag(key).value_or(false);
}

/// The tracks as numbers, the master last, and all ways between them that may be heard.
class Graph {
 public:
    explicit Graph(const SongModel& song) : song_(song), ids_(song.tracks()) {
        ids_.push_back(master);
        for (std::size_t i = 0; i < ids_.size(); ++i) numbers_[ids_[i]] = i;
        for (std::size_t i = 0; i < ids_.size(); ++i) add_edges(i);
        find_heard();
        std::erase_if(edges_, [this](const Edge& edge) { return !is_heard(edge); });
    }

    /// The tracks with their children and receives, sources first. Throws Error for feedback.
    [[nodiscard]] std::vector<RoutedTrack> in_order() const;

 private:
    using Numbers = std::vector<std::size_t>;
    using Marks = std::vector<bool>;

    [[nodiscard]] std::size_t number(const std::string& of, std::string_view key,
                                     const std::string& id) const {
        const auto found = numbers_.find(id);
        if (found != numbers_.end()) return found->second;
        throw Error(ErrorKind::bad_record, of,
                    std::string(key) + " is '" + id + "', which no track is; correct it");
    }

    void add_edges(std::size_t track);
    void find_heard();
    [[nodiscard]] Marks reached(Marks marks, bool downwards) const;

    [[nodiscard]] bool is_heard(const Edge& edge) const {
        if (muted_[edge.from] || muted_[edge.to]) return false;
        return !any_solo_ || feeds_solo_[edge.to] || behind_solo_[edge.from];
    }
    // A track that is not muted by the solos of others is heard without what feeds it.
    // A track that is only behind one that is solo, such as its folder, keeps its items to itself.
    [[nodiscard]] bool has_items(std::size_t track) const {
        return !muted_[track] && (!any_solo_ || feeds_solo_[track] || defeats_[track]);
    }
    [[nodiscard]] bool is_heard(std::size_t track) const {
        return !muted_[track] && (!any_solo_ || feeds_solo_[track] || behind_solo_[track]);
    }

    [[nodiscard]] Numbers order() const;
    [[noreturn]] void refuse_feedback(const Numbers& waits_for) const;
    [[nodiscard]] std::string name(std::size_t track) const;

    const SongModel& song_;
    SongModel::Ids ids_;
    std::unordered_map<std::string, std::size_t> numbers_;
    std::vector<Edge> edges_;
    Marks muted_, feeds_solo_, behind_solo_, defeats_;
    Numbers solo_;  // REAPER's number; 2 and 6 are in place, so that sends are heard too
    bool any_solo_ = false;
};

void Graph::add_edges(std::size_t track) {
    const auto& id = ids_[track];
    for (const auto& send : song_.sends(id)) {
        const auto& record = *song_.find(send);
        if (is_flag(record, "mute") || record.integer("source_channel").value_or(0) < 0) continue;
        const auto source = record.text("source_track").value_or("");
        if (source == master)
            throw Error(ErrorKind::unsupported, send, "comes from the master; remove it");
        edges_.push_back({number(send, "source_track", source), track, send});
    }
    const auto* record = song_.find(id);
    if (id == master || !record->flag("master_send").value_or(true)) return;
    const auto parent = record->text("parent").value_or("");
    edges_.push_back({track, parent.empty() ? ids_.size() - 1 : number(id, "parent", parent), ""});
}

// Solo is heard with all that feeds it, and through all that is behind it.
void Graph::find_heard() {
    muted_.resize(ids_.size());
    solo_.resize(ids_.size());
    feeds_solo_.resize(ids_.size());
    defeats_.resize(ids_.size());
    for (std::size_t i = 0; i + 1 < ids_.size(); ++i) {
        const auto& record = *song_.find(ids_[i]);
        muted_[i] = is_flag(record, "mute");
        solo_[i] =
            static_cast<std::size_t>(std::max<std::int64_t>(0, record.integer("solo").value_or(0)));
        feeds_solo_[i] = solo_[i] > 0;
        defeats_[i] = is_flag(record, "solo_defeat");
        any_solo_ = any_solo_ || solo_[i] > 0;
    }
    auto audible = feeds_solo_;
    for (std::size_t i = 0; i < audible.size(); ++i) audible[i] = audible[i] || defeats_[i];
    behind_solo_ = reached(std::move(audible), true);
    feeds_solo_ = reached(feeds_solo_, false);
}

// What can be reached from the marked tracks, with them: where they go to, or what feeds them.
Graph::Marks Graph::reached(Marks marks, bool downwards) const {
    std::vector<Numbers> next(ids_.size());
    for (const auto& edge : edges_) {
        const bool out_of_place = solo_[edge.from] % 4 == 1 && !edge.send.empty();
        if (downwards && !out_of_place) next[edge.from].push_back(edge.to);
        if (!downwards) next[edge.to].push_back(edge.from);
    }
    Numbers open;
    for (std::size_t i = 0; i < marks.size(); ++i)
        if (marks[i]) open.push_back(i);
    while (!open.empty()) {
        const auto track = open.back();
        open.pop_back();
        for (const auto other : next[track]) {
            if (marks[other]) continue;
            marks[other] = true;
            open.push_back(other);
        }
    }
    return marks;
}

Graph::Numbers Graph::order() const {
    Numbers waits_for(ids_.size()), ready;
    std::vector<Numbers> next(ids_.size());
    for (const auto& edge : edges_) {
        ++waits_for[edge.to];
        next[edge.from].push_back(edge.to);
    }
    for (std::size_t i = 0; i < ids_.size(); ++i)
        if (waits_for[i] == 0) ready.push_back(i);
    for (std::size_t i = 0; i < ready.size(); ++i)
        for (const auto target : next[ready[i]])
            if (--waits_for[target] == 0) ready.push_back(target);
    if (ready.size() < ids_.size()) refuse_feedback(waits_for);
    return ready;
}

std::string Graph::name(std::size_t track) const {
    const auto* record = song_.find(ids_[track]);
    const auto given = record ? record->text("name").value_or("") : "";
    return ids_[track] + (given.empty() ? "" : " (" + given + ")");
}

// Each track that still waits has a source that waits, so going back leads into a loop.
void Graph::refuse_feedback(const Numbers& waits_for) const {
    Numbers source(ids_.size());
    for (const auto& edge : edges_)
        if (waits_for[edge.from] > 0) source[edge.to] = edge.from;
    auto track = static_cast<std::size_t>(
        std::find_if(waits_for.begin(), waits_for.end(), [](auto count) { return count > 0; }) -
        waits_for.begin());
    for (std::size_t i = 0; i < ids_.size(); ++i) track = source[track];
    constexpr std::size_t most = 8;
    std::string path;
    std::size_t length = 0;
    for (auto at = source[track]; at != track; at = source[at])
        if (++length <= most) path = name(at) + (path.empty() ? "" : ", ") + path;
    if (length > most) path = std::to_string(length - most) + " more, " + path;
    throw Error(ErrorKind::bad_record, name(track),
                "hears itself" + (path.empty() ? "" : " through " + path) +
                    ": feedback cannot be rendered; mute a send of it");
}

std::vector<RoutedTrack> Graph::in_order() const {
    std::vector<SongModel::Ids> children(ids_.size()), receives(ids_.size());
    for (const auto& edge : edges_) {
        if (edge.send.empty())
            children[edge.to].push_back(ids_[edge.from]);
        else
            receives[edge.to].push_back(edge.send);
    }
    std::vector<RoutedTrack> tracks;
    const auto add = [&](std::size_t number) {
        auto& track = tracks.emplace_back();
        track.track = ids_[number];
        track.heard = is_heard(number) || ids_[number] == master;
        track.children = std::move(children[number]);
        track.receives = std::move(receives[number]);
        if (!has_items(number)) return;
        for (const auto& item : song_.items(track.track))
            for (const auto& take : playing_takes(song_, item))
                track.takes.push_back({take, active_effects(song_, take), item});
    };
    for (const auto number : order())
        if (ids_[number] != master) add(number);
    add(ids_.size() - 1);
    return tracks;
}

bool may_be_heard(const SongModel& song, const RoutedTake& take) {
    const auto source = song.find(take.item)->raw("source");
    return source && (!plays_midi(song, take.item) || !take.effects.empty()) &&
           Record(*source).text("kind").value_or("audio") != "empty";
}

}  // namespace

Routing::Routing(const SongModel& song) : tracks_(Graph(song).in_order()) {
    for (std::size_t i = 0; i < tracks_.size(); ++i) {
        places_[tracks_[i].track] = i;
        if (tracks_[i].heard) fill(song, tracks_[i]);
    }
}

void Routing::fill(const SongModel& song, RoutedTrack& track) {
    int below = 0;
    const auto hear = [&](bool is_audio, int stage) {
        track.has_audio = track.has_audio || is_audio;
        below = std::max(below, stage);
    };
    for (const auto& take : track.takes)
        hear(may_be_heard(song, take), take.effects.empty() ? 0 : 1);
    const auto hear_track = [&](const std::string& id, bool before_chain) {
        const auto& source = this->track(id);
        if (before_chain || source.effects.empty())
            hear(source.has_audio, below_.at(id));
        else
            hear(source.gives_audio, source.stage);
    };
    for (const auto& child : track.children) hear_track(child, false);
    for (const auto& send : track.receives) {
        const auto& record = *song.find(send);
        hear_track(*record.text("source_track"), is_pre_fx(record));
    }
    below_[track.track] = below;
    track.effects = active_effects(song, track.track);
    const bool has_midi =
        !song.events(track.track).empty() ||
        std::any_of(track.takes.begin(), track.takes.end(), [&](const auto& take) {
            return take.effects.empty() && plays_midi(song, take.item);
        });
    const bool marked = song.song().text("format") == "rpp";
    const bool plays = has_instrument(song, track.effects) || (has_midi && !marked);
    track.needs_input = !track.effects.empty() && (track.has_audio || !plays);
    track.gives_audio = track.has_audio || plays || (!track.effects.empty() && !has_midi);
    if (!track.effects.empty()) track.stage = 1 + (track.needs_input ? below : 0);
    stages_ = std::max({stages_, track.stage, below});
}

const RoutedTrack& Routing::track(const std::string& id) const {
    const auto found = places_.find(id);
    if (found == places_.end()) throw Error(ErrorKind::not_found, id, "is no track of the song");
    return tracks_[found->second];
}

SongModel::Ids playing_takes(const SongModel& song, const std::string& item) {
    const auto& first = *song.find(item);
    if (is_flag(first, "mute") || !first.flag("lane_plays").value_or(true)) return {};
    SongModel::Ids takes{item};
    const auto& others = song.takes(item);
    takes.insert(takes.end(), others.begin(), others.end());
    if (is_flag(first, "all_takes")) return takes;
    const auto active = std::find_if(takes.begin(), takes.end(), [&](const auto& take) {
        return is_flag(*song.find(take), "active");
    });
    return {active == takes.end() ? item : *active};
}

SongModel::Ids active_effects(const SongModel& song, const std::string& owner) {
    SongModel::Ids effects;
    const auto* const record = song.find(owner);
    if (record && is_flag(*record, "fx_bypass")) return effects;
    // Behind each other, the next one last.
    SongModel::Ids open(song.effects(owner).rbegin(), song.effects(owner).rend());
    while (!open.empty()) {
        const auto id = open.back();
        open.pop_back();
        const auto& effect = *song.find(id);
        if (is_flag(effect, "bypass") || is_flag(effect, "offline")) continue;
        if (effect.text("plugin_kind") != "container") {
            effects.push_back(id);
            continue;
        }
        const auto& inner = song.effects(id);
        open.insert(open.end(), inner.rbegin(), inner.rend());
    }
    return effects;
}

bool plays_midi(const SongModel& song, const std::string& item) {
    if (!song.events(item).empty()) return true;
    const auto source = song.find(item)->raw("source");
    return source && Record(*source).text("kind") == "midi";
}

int channels_of(const SongModel& song, const std::string& track) {
    constexpr std::int64_t most_channels = 128;
    const auto* const record = song.find(track);
    const auto channels = record ? record->integer("channels").value_or(2) : 2;
    return static_cast<int>(std::clamp<std::int64_t>(channels + channels % 2, 2, most_channels));
}

bool is_pre_fx(const Record& send) { return send.raw("mode") == "\"pre-fx\""; }

bool has_instrument(const SongModel& song, const SongModel::Ids& effects) {
    return std::any_of(effects.begin(), effects.end(),
                       [&](const auto& id) { return is_flag(*song.find(id), "instrument"); });
}

SongModel::Ids unmarked_instruments(const SongModel& song) try {
    const Routing routing(song);
    SongModel::Ids instruments;
    for (const auto& track : routing.tracks())
        if (!track.effects.empty() && !track.needs_input && !has_instrument(song, track.effects))
            instruments.push_back(track.effects.front());
    return instruments;
} catch (const Error&) {
    return {};
}

}  // namespace patchpipe
