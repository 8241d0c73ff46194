// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/song_model.h"

#include <algorithm>

#include "base/error.h"
#include "file/absolute.h"
#include "song/event_list.h"
#include "song/raw_lines.h"

namespace patchpipe {
namespace {

[[noreturn]] void refuse(std::string_view key, const std::string& message) {
    throw Error(ErrorKind::bad_record, key, message);
}

}  // namespace

std::string needed_text(const Record& record, std::string_view key) {
    auto text = record.text(key).value_or("");
    if (text.empty()) refuse(key, "is missing; give it");
    return text;
}

Record object_in(const Record& record, std::string_view key) {
    const auto text = record.raw(key);
    if (!text) return Record("{}");
    if (text->starts_with('{')) return Record(*text);
    refuse(key, "must be an object; correct it");
}

void SongModel::add(const Record& record) {
    const auto type = needed_text(record, "type");
    if (type == "song") {
        if (has_song_) refuse("type", "is a second song; write each song by itself");
        has_song_ = true;
        song_ = record;
    } else if (type == "tempo") {
        tempos_.push_back(record);
    } else if (type == "signature") {
        signatures_.push_back(record);
    } else if (type == "marker" || type == "region") {
        markers_.push_back(record);
    } else if (type == "raw") {
        auto parent = record.text("parent").value_or("song");
        if (parent == "song" && !tracks_.empty()) parent = "song.end";
        put("raw", parent, raw_bytes(record));
    } else if (type == "sample") {
        samples_.insert_or_assign(needed_text(record, "sample"), record);
    } else if (type == "note" || type == "control") {
        auto owner = record.text("item").value_or("");
        if (owner.empty()) owner = needed_text(record, "track");
        auto& events = lists_["event " + owner];
        if (events.empty()) event_owners_.push_back(owner);
        events.push_back(record.line());
    } else if (type == "track" || type == "send" || type == "fx" || type == "item" ||
               type == "envelope") {
        add_thing(type, record);
    }
}

std::string SongModel::owner_of(const std::string& type, const Record& record) const {
    const auto first_of = [&](std::initializer_list<std::string_view> keys) {
        for (const auto key : keys)
            if (auto text = record.text(key).value_or(""); !text.empty()) return text;
        if (partial_) return std::string();
        refuse("track", "is missing; say what it belongs to");
    };
    if (type == "fx") {
        const bool input = record.flag("input").value_or(false) && !record.raw("container");
        if (!record.raw("track") && song_.text("content") == "chain" && !record.raw("container"))
            return "c";
        return first_of({"container", "item", "track"}) + (input ? ".input" : "");
    }
    if (type == "envelope") return first_of({"fx", "send", "item", "track"});
    return first_of({"track"});
}

void SongModel::add_thing(const std::string& type, const Record& record) {
    std::string id = record.text(type).value_or("");
    const auto owner = type == "track" ? std::string() : owner_of(type, record);
    if (id.empty() && type == "track") refuse("track", "is missing; give the track an id");
    // Things that nothing refers to need no id.
    if (id.empty()) id = owner + "." + type + std::to_string(list(type, owner).size() + 1) + "?";
    if (type == "envelope" && things_.contains(id) && record.flag("more").value_or(false))
        return put("more", id, record.line());
    if (!things_.try_emplace(id, record).second)
        refuse(type, "is '" + id + "', which another record is already; give it another id");
    order_.push_back(id);
    if (type == "track") {
        if (id != "master") tracks_.push_back(id);
    } else if (type == "item" && record.integer("take").value_or(1) > 1) {
        const auto first = last_item_.find(owner);
        if (first == last_item_.end() && partial_) return;
        if (first == last_item_.end())
            refuse("take", "is not the first, and no item is before it; give that first");
        put("take", first->second, id);
    } else {
        if (type == "item") last_item_[owner] = id;
        put(type, owner, id);
    }
}

void SongModel::check() const {
    for (const auto& id : order_) {
        const auto& record = things_.at(id);
        for (const auto* const key :
             {"track", "source_track", "item", "fx", "send", "parent", "container"}) {
            const auto named = record.text(key).value_or("");
            if (named.empty() || named == "master" || things_.contains(named)) continue;
            throw Error(ErrorKind::bad_record, id,
                        std::string(key) + " is '" + named + "', which no record is; correct it");
        }
        if (record.text("type") == "send" &&
            (record.text("track") == "master" || record.text("source_track") == "master"))
            throw Error(ErrorKind::bad_record, id,
                        "is a send of the master, which has none; remove it");
    }
    for (const auto& owner : event_owners_)
        if (owner == "master" || !things_.contains(owner))
            throw Error(
                ErrorKind::bad_record, "a note or control",
                "belongs to '" + owner + "', which no record of a track or an item is; correct it");
}

TempoMap SongModel::tempo_map() const {
    TempoMap map;
    for (const auto& record : tempos_) {
        const auto bpm = record.number("bpm").value_or(0);
        if (!is_bpm(bpm)) refuse("bpm", "must be above 0, up to 60000000; correct it");
        const bool ramp = record.flag("ramp").value_or(false);
        if (const auto time = record.number("time"))
            map.add_at_time(*time, bpm, ramp);
        else if (const auto beat = record.number("beat"))
            map.add_at_beat(*beat, bpm, ramp);
        else
            map.add_at_time(0, bpm, ramp);
    }
    return map;
}

std::string SongModel::file_path(const std::string& path) const {
    const auto song = song_.path("path").value_or("");
    if (path.starts_with('/') || song.empty()) return absolute_path(path);
    return absolute_path(parent_folder(song) + "/" + path);
}

const Record* SongModel::find(const std::string& id) const {
    const auto found = things_.find(id);
    return found == things_.end() ? nullptr : &found->second;
}

const SongModel::Ids& SongModel::list(const std::string& kind, const std::string& owner) const {
    static const Ids none;
    const auto found = lists_.find(kind + " " + owner);
    return found == lists_.end() ? none : found->second;
}

}  // namespace patchpipe
