// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The records of a song, found by what they belong to: what a writer needs before it begins.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "record/record.h"
#include "song/tempo_map.h"

namespace patchpipe {

/// The text under that key. Throws Error bad-record if there is none, or it is empty.
[[nodiscard]] std::string needed_text(const Record& record, std::string_view key);

/// The object under that key as a record; an empty one if there is none. Throws Error bad-record
/// for another value.
[[nodiscard]] Record object_in(const Record& record, std::string_view key);

class SongModel {
 public:
    using Ids = std::vector<std::string>;

    /// partial: the records change a song that is there, so they may leave out what they belong to.
    explicit SongModel(bool partial = false) : partial_(partial) {}

    /// Adds a record of any type; one of a type that is not known, or of a later one, is dropped.
    /// Throws Error bad-record for a record without its id, with an id that is there already, and
    /// for a second song.
    void add(const Record& record);

    /// Sets a field of the thing with that id, which must be there, to true.
    void set_flag(const std::string& id, std::string_view key) { things_.at(id).set(key, true); }

    /// Throws Error bad-record for a thing, note or control whose track, item or fx is not there,
    /// and for a send of the master.
    void check() const;

    [[nodiscard]] const Record& song() const { return song_; }
    [[nodiscard]] const std::vector<Record>& tempos() const { return tempos_; }
    [[nodiscard]] const std::vector<Record>& signatures() const { return signatures_; }
    /// Markers and regions.
    [[nodiscard]] const std::vector<Record>& markers() const { return markers_; }

    /// The samples of a module, by their ids.
    [[nodiscard]] const std::unordered_map<std::string, Record>& samples() const {
        return samples_;
    }

    /// The tempo map of the records; 120 without any. Throws Error bad-record.
    [[nodiscard]] TempoMap tempo_map() const;

    /// The ids of all tracks, sends, effects, items and envelopes in order.
    [[nodiscard]] const Ids& things() const { return order_; }
    /// The ids of tracks in order, without the master.
    [[nodiscard]] const Ids& tracks() const { return tracks_; }
    /// The ids of the sends into a track, items on a track, effects and envelopes of an owner, and
    /// the takes behind the first one of an item.
    [[nodiscard]] const Ids& sends(const std::string& track) const { return list("send", track); }
    [[nodiscard]] const Ids& items(const std::string& track) const { return list("item", track); }
    [[nodiscard]] const Ids& takes(const std::string& item) const { return list("take", item); }
    [[nodiscard]] const Ids& effects(const std::string& owner) const { return list("fx", owner); }
    [[nodiscard]] const Ids& envelopes(const std::string& owner) const {
        return list("envelope", owner);
    }
    /// The lines of raw records below a parent, without their ends. Those of the song that come
    /// behind its first track are below "song.end".
    [[nodiscard]] const Ids& raws(const std::string& parent) const { return list("raw", parent); }
    /// The note and control records of an item, or of a track if they name none.
    [[nodiscard]] const Ids& events(const std::string& owner) const { return list("event", owner); }
    /// The records behind an envelope's first one.
    [[nodiscard]] const Ids& more(const std::string& envelope) const {
        return list("more", envelope);
    }

    /// The absolute path of a file that a record names: a relative one is meant from the song's
    /// folder.
    [[nodiscard]] std::string file_path(const std::string& path) const;

    /// The record with that id; null if no record has it.
    [[nodiscard]] const Record* find(const std::string& id) const;

 private:
    [[nodiscard]] const Ids& list(const std::string& kind, const std::string& owner) const;
    void put(const std::string& kind, const std::string& owner, std::string text) {
        lists_[kind + " " + owner].push_back(std::move(text));
    }
    void add_thing(const std::string& type, const Record& record);
    [[nodiscard]] std::string owner_of(const std::string& type, const Record& record) const;

    Record song_{"{}"};
    bool partial_, has_song_ = false;
    std::vector<Record> tempos_, signatures_, markers_;
    Ids tracks_, order_;
    Ids event_owners_;  // of notes and controls, as they come
    std::unordered_map<std::string, Record> things_, samples_;
    std::unordered_map<std::string, Ids> lists_;
    std::unordered_map<std::string, std::string> last_item_;  // of a track
};

}  // namespace patchpipe
