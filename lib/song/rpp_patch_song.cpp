// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The part of RppPatcher for what belongs to the whole project.

#include <algorithm>
#include <unordered_set>

#include "base/error.h"
#include "song/record_changes.h"
#include "song/rpp_envelope.h"
#include "song/rpp_patch.h"
#include "song/rpp_patcher.h"

namespace patchpipe {
namespace {

// What a marker or a point of the tempo envelope says, without what REAPER adds behind it.
std::string meaning_of(std::string_view line) {
    RppFields fields;
    fields.split(line);
    std::string meaning(fields.text(0));
    const bool marker = meaning == "MARKER";
    const std::size_t name = 3, last = marker ? 5 : 4;
    for (std::size_t i = 1; i <= last; ++i)
        meaning += "\n" + (marker && i == name ? text_as_utf8(fields.text(i))
                                               : rpp_decimal(fields.number(i)));
    return meaning;
}

// The marker as its record changes it. A place in beats counts where seconds are not given.
Record changed_marker(const Record& old, const Record& change) {
    auto marker = old;
    if (change.raw("beat")) marker.remove("time");
    if (change.raw("end_beat")) marker.remove("end");
    marker.set_all(change);
    return marker;
}

// The first number that no marker, or no region, has.
std::int64_t free_index(const std::vector<Record>& markers, const std::string& type) {
    std::int64_t most = 0;
    for (const auto& marker : markers)
        if (marker.text("type") == type) most = std::max(most, marker.integer("index").value_or(0));
    return most + 1;
}

}  // namespace

// Of lines that are written anew, those that say the same stay as they are.
void RppPatcher::remember(const RppLine& line) {
    old_lines_.emplace(meaning_of(line.text()), std::string(line.text()).append(line.source.end));
}

void RppPatcher::put_written(std::string_view text) {
    const auto old = old_lines_.empty() ? old_lines_.end() : old_lines_.find(meaning_of(text));
    if (old == old_lines_.end()) return put_line(text);
    put_(old->second);
    old_lines_.erase(old);
}

void RppPatcher::patch_project(const RppLine& header) {
    patch_header(header);
    put_missing(song_rules, song_, 1);
    put_missing(render_rules, render_, 1);
    if (master_) put_missing(master_rules, *master_, 1);
    find_song_changes();
    while (const auto line = walk_.next())
        line->kind == RppKind::open ? patch_child_block(*line) : patch_child(*line);
    if (new_markers_ && !markers_put_) writer_.write_markers(markers_, 1);
    if (new_tempo_ && !tempo_put_) put_tempo_block();
    add_tracks();
    put_closing();
}

void RppPatcher::patch_header(const RppLine& header) {
    auto text = std::string(header.text());
    const auto program =
        options_.program.empty() ? after_.song().text("program") : std::optional(options_.program);
    if (program && *program != before_.song().text("program"))
        text = rpp_with_field(text, 2, rpp_always_quoted(*program));
    if (options_.saved != 0) text = rpp_with_field(text, 3, std::to_string(options_.saved));
    put_changed(header, text);
}

void RppPatcher::find_song_changes() {
    const auto changed = [](const std::vector<Record>& before, const std::vector<Record>& after,
                            std::initializer_list<std::string_view> keys) {
        return !after.empty() && !same_values(before, after, keys);
    };
    markers_ = markers();
    new_markers_ =
        !same_values(before_.markers(), markers_,
                     {"time", "beat", "end", "end_beat", "name", "index", "color", "flags"});
    new_tempo_ =
        changed(before_.signatures(), after_.signatures(), {"time", "numerator", "denominator"}) ||
        changed(before_.tempos(), after_.tempos(), {"time", "bpm", "ramp"});
    if (new_tempo_ && after_.signatures().empty() && !before_.signatures().empty())
        throw Error(ErrorKind::bad_record, "tempo",
                    "is changed, and no signature is given; give all tempos and signatures");
}

void RppPatcher::patch_child_block(const RppLine& line) {
    const auto tag = line.tag();
    if (tag == "TRACK") return patch_track(line);
    if (tag == "MASTERFXLIST") {
        put(line);
        return patch_chain("master");
    }
    if (tag == "TEMPOENVEX" && new_tempo_) return patch_tempo(line);
    if (tag.starts_with("MASTER") && is_envelope(tag))
        return patch_envelope(line, "master.e" + std::to_string(++master_envelopes_));
    put_block(line);
}

void RppPatcher::patch_child(const RppLine& line) {
    if (line.kind != RppKind::plain) return put(line);
    if (line.tag() == "MARKER" && new_markers_) return put_markers_once(line);
    if (line.tag() == "TEMPO" && new_tempo_) return patch_tempo_line(line);
    auto text = rpp_line_with(line.text(), song_rules, song_);
    text = rpp_line_with(text, render_rules, render_);
    if (master_) text = rpp_line_with(text, master_rules, *master_);
    put_changed(line, text);
}

void RppPatcher::patch_tempo_line(const RppLine& line) {
    const auto& point = tempo_.points().front();
    if (point.bpm == before_.tempo_map().points().front().bpm) return put(line);
    put_changed(line, rpp_with_field(line.text(), 1, rpp_decimal(point.bpm)));
}

// Those of the file as the records change them, then the new ones.
std::vector<Record> RppPatcher::markers() const {
    std::unordered_map<std::string, const Record*> changes;
    for (const auto& marker : after_.markers())
        changes.try_emplace(marker.text("marker").value_or(""), &marker);
    const auto removed = [](const Record& marker) {
        return marker.flag("removed").value_or(false);
    };
    std::vector<Record> all;
    std::unordered_set<std::string> known;
    for (const auto& old : before_.markers()) {
        const auto id = old.text("marker").value_or("");
        known.insert(id);
        const auto change = changes.find(id);
        if (change == changes.end())
            all.push_back(old);
        else if (!removed(*change->second))
            all.push_back(changed_marker(old, *change->second));
    }
    for (const auto& marker : after_.markers()) {
        if (removed(marker) || known.contains(marker.text("marker").value_or(""))) continue;
        all.push_back(marker);
        if (!marker.raw("index"))
            all.back().set("index", free_index(all, marker.text("type").value_or("")));
    }
    return all;
}

void RppPatcher::put_markers_once(const RppLine& first) {
    if (markers_put_) return;
    remember(first);
    walk_.look_ahead(0, [&](std::size_t, const RppLine& line) {
        const bool marker = line.kind == RppKind::plain && line.tag() == "MARKER";
        if (marker) remember(line);
        return marker;
    });
    writer_.write_markers(markers_, 1);
    old_lines_.clear();
    markers_put_ = true;
}

void RppPatcher::patch_tempo(const RppLine& header) {
    put(header);
    walk_.look_ahead(0, [&](std::size_t, const RppLine& line) {
        if (line.kind == RppKind::plain && line.tag() == "PT") remember(line);
        return true;
    });
    while (const auto line = walk_.next()) {
        if (line->kind == RppKind::open)
            put_block(*line);
        else if (line->kind == RppKind::plain && line->tag() == "PT")
            put_points_once();
        else
            put(*line);
    }
    put_points_once();
    old_lines_.clear();
    put_closing();
}

void RppPatcher::put_points_once() {
    if (!tempo_put_) writer_.write_tempo_points(2);
    tempo_put_ = true;
}

void RppPatcher::put_tempo_block() {
    put_line("  <TEMPOENVEX");
    put_line("    ACT 1 -1");
    writer_.write_tempo_points(2);
    put_line("  >");
}

void RppPatcher::add_tracks() {
    for (const auto& id : after_.tracks()) {
        if (!is_new(id)) continue;
        if (after_.find(id)->raw("parent"))
            throw Error(ErrorKind::unsupported, id,
                        "is new and has a parent, but new tracks are put behind the others; "
                        "leave the parent out");
        writer_.write_track(id, "ISBUS 0 0", 1);
    }
}

}  // namespace patchpipe
