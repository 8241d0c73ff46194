// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The part of RppPatcher for items, their sources and MIDI events.

#include <algorithm>
#include <map>

#include "song/record_changes.h"
#include "song/rpp_envelope.h"
#include "song/rpp_patcher.h"
#include "song/rpp_source.h"

namespace patchpipe {

namespace {

// The lines before the first TAKE are the item's too.
std::string take_line_with(std::string_view line, const Record& values, bool first) {
    if (!first) return rpp_line_with(line, next_take_rules, values);
    return rpp_line_with(rpp_line_with(line, first_take_rules, values), item_rules, values);
}

}  // namespace

void RppPatcher::patch_item(const RppLine& header, const std::string& id) {
    if (is_removed(id)) return drop_block();
    put(header);
    auto values = changes_of(id);
    if (values) set_usual_curves(*values, *after_.find(id));
    if (values) put_missing_of_take(*values, true);
    std::size_t takes = 1, envelopes = 0;
    auto take = id;
    while (const auto line = walk_.next()) {
        const auto tag = line->tag();
        if (line->kind == RppKind::plain && tag == "TAKE") {
            take = id + "." + std::to_string(++takes);
            values = changes_of(take);
            put_take_line(*line, take, id);
            if (values) put_missing_of_take(*values, false);
        } else if (line->kind == RppKind::plain && values) {
            put_changed(*line, take_line_with(line->text(), *values, takes == 1));
        } else if (line->kind != RppKind::open) {
            put(*line);
        } else if (tag == "SOURCE") {
            patch_source(*line, take);
        } else if (tag == "TAKEFX") {
            put(*line);
            patch_chain(take);
        } else if (is_envelope(tag)) {
            patch_envelope(*line, take + ".e" + std::to_string(++envelopes));
        } else {
            put_block(*line);
        }
    }
    put_closing();
}

void RppPatcher::put_missing_of_take(const Record& values, bool first) {
    std::vector<std::string> needed;
    const auto add = [&](std::string_view usual) {
        auto line = take_line_with(usual, values, first);
        if (line != usual) needed.push_back(std::move(line));
    };
    if (first) std::ranges::for_each(usual_lines(item_rules), add);
    std::ranges::for_each(usual_lines(first ? first_take_rules : next_take_rules), add);
    put_missing(std::move(needed), 3);
}

// SEL says which take plays.
void RppPatcher::put_take_line(const RppLine& line, const std::string& take,
                               const std::string& item) {
    const auto active = active_takes_.find(item);
    if (active == active_takes_.end()) return put(line);
    RppFields fields;
    fields.split(line.text());
    std::string text(line.text());
    for (std::size_t i = fields.size(); i-- > 1;)
        if (fields.text(i) == "SEL")
            text.erase(fields[i - 1].end, fields[i].end - fields[i - 1].end);
    if (active->second == take) text += " SEL";
    put_changed(line, text);
}

// Another file may be one of another type.
void RppPatcher::put_source_header(const RppLine& header, const std::string& id) {
    const auto *const record = after_.find(id), *const old = before_.find(id);
    RppFields fields;
    fields.split(header.text());
    if (record == nullptr || old == nullptr || fields.text(1) == "SECTION") return put(header);
    const auto before = object_in(*old, "source"), change = object_in(*record, "source");
    auto after = before;
    after.set_all(change);
    const auto suffix = [](const Record& source) {
        const auto path = source.text("path").value_or("");
        return path.substr(std::min(path.rfind('.'), path.size()));
    };
    if (!change.raw("format") && suffix(before) != suffix(after)) after.remove("format");
    const auto type = source_type(after);
    if (type == source_type(before)) return put(header);
    put_changed(header, rpp_with_field(header.text(), 1, type));
}

void RppPatcher::patch_source(const RppLine& header, const std::string& id) {
    put_source_header(header, id);
    Events events;
    std::int64_t end = 0;
    const bool changed = find_events(id, events, end);
    bool written = false;
    patch_source_lines(id, changed ? &events : nullptr, end, written, 0);
}

// The events of a take as the records want them; false if they are those of the file.
bool RppPatcher::find_events(const std::string& id, Events& events, std::int64_t& end) const {
    const auto *const old = before_.find(id), *const after = after_.find(id);
    if (old == nullptr || after_.events(id).empty()) return false;
    const auto& record = after != nullptr ? *after : *old;
    const auto old_tempo = before_.tempo_map();
    auto place = source_place(*old, old_tempo);
    place.item = id;
    const auto first = first_beat(*old, old_tempo);
    auto wanted = object_in(record, "source").raw("beats") ? source_place(record, tempo_) : place;
    wanted.item = id;
    // The notes of the file count from where the item was.
    events = take_events(after_, tempo_, wanted, record.number("beat").value_or(first));
    end = wanted.ticks;
    return end != place.ticks ||
           !same_events(take_events(before_, old_tempo, place, first), events);
}

void RppPatcher::patch_source_lines(const std::string& id, const Events* events, std::int64_t end,
                                    bool& written, std::size_t below) {
    const auto *const record = after_.find(id), *const old = before_.find(id);
    const auto path = record != nullptr ? object_in(*record, "source").text("path") : std::nullopt;
    const bool new_path = path && old != nullptr && path != object_in(*old, "source").text("path");
    const auto write_once = [&] {
        if (events != nullptr && !written) writer_.write_events(*events, end, 4);
        written = true;
    };
    while (const auto line = walk_.next()) {
        std::int64_t ticks = 0;
        if (events != nullptr && is_midi_line(*line, ticks)) {
            if (line->kind == RppKind::open) drop_block();
            write_once();
        } else if (line->kind == RppKind::open && line->tag() == "SOURCE" && below < 2) {
            put_source_header(*line, id);
            patch_source_lines(id, nullptr, 0, written, below + 1);
        } else if (line->kind == RppKind::open) {
            put_block(*line);
        } else if (new_path && line->tag() == "FILE") {
            put_changed(*line, rpp_with_field(line->text(), 1, rpp_quoted(*path)));
        } else {
            put(*line);
        }
    }
    if (events != nullptr) write_once();
    put_closing();
}

}  // namespace patchpipe
