// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The part of RppPatcher for tracks and sends.

#include <algorithm>

#include "base/error.h"
#include "song/rpp_envelope.h"
#include "song/rpp_patcher.h"

namespace patchpipe {
namespace {

// The reader makes sends of these only.
bool is_receive(const RppLine& line) {
    RppFields fields;
    return line.kind == RppKind::plain && line.tag() == "AUXRECV" && fields.split(line.text());
}

}  // namespace

// Where in a track the patcher is.
struct RppPatcher::TrackPlace {
    std::string id;
    bool new_name = false;
    std::size_t items = 0, sends = 0, envelopes = 0;
    bool has_chain = false;
};

void RppPatcher::patch_track(const RppLine& header) {
    TrackPlace place{.id = "t" + std::to_string(++tracks_)};
    if (is_removed(place.id)) return drop_block();
    put(header);
    auto wanted = changes_of(place.id).value_or(Record("{}"));
    const auto name = wanted.text("name");
    place.new_name = name && *name != before_.find(place.id)->text("name").value_or("");
    // The name's field may differ from the name, which then is in a block of its own.
    if (!place.new_name && name) wanted.remove("name");
    put_missing(track_rules, wanted, 2);
    if (place.new_name) writer_.write_name_block(*name, 2);
    while (const auto line = walk_.next()) {
        if (line->kind == RppKind::open)
            patch_track_block(*line, place);
        else if (is_receive(*line))
            patch_send(*line, place.id + ".s" + std::to_string(++place.sends));
        else if (line->kind == RppKind::plain)
            put_changed(*line, rpp_track_line_with(line->text(), wanted));
        else
            put(*line);
    }
    add_things(place.id, place.has_chain);
    put_closing();
}

void RppPatcher::patch_track_block(const RppLine& line, TrackPlace& place) {
    const auto tag = line.tag();
    if (tag == "ITEM") return patch_item(line, place.id + ".i" + std::to_string(++place.items));
    if (tag == "NAME" && place.new_name) return drop_block();
    if (is_envelope(tag))
        return patch_envelope(line, place.id + ".e" + std::to_string(++place.envelopes));
    if (tag == "FREEZE") return patch_frozen(line);
    if (tag != "FXCHAIN" && tag != "FXCHAIN_REC") return put_block(line);
    const bool input = tag != "FXCHAIN";
    place.has_chain = place.has_chain || !input;
    put(line);
    patch_chain(input ? place.id + ".input" : place.id);
}

// The receives in it have no records, but the numbers of tracks.
void RppPatcher::patch_frozen(const RppLine& header) {
    put(header);
    const auto inside = walk_.depth();
    walk_.pass([&](const RppLine& line) {
        const bool receive = walk_.depth() == inside && is_receive(line);
        receive ? put_numbered(line, line.text(), source_in(line.text())) : put(line);
    });
}

// The id of the track that a receive comes from.
std::string RppPatcher::source_in(std::string_view text) {
    RppFields fields;
    fields.split(text);
    return "t" +
           std::to_string(static_cast<std::int64_t>(std::clamp(fields.number(1), -1.0, 1e9)) + 1);
}

// The line of a receive with the position of the source, which may have changed with the tracks.
void RppPatcher::put_numbered(const RppLine& line, std::string_view text,
                              const std::string& source) {
    const auto number = writer_.track_numbers().find(source);
    if (number == writer_.track_numbers().end()) {
        if (!is_removed(source)) put_changed(line, text);
        return;
    }
    const bool is_right = source_in(text) == "t" + std::to_string(number->second + 1);
    put_changed(line, is_right ? std::string(text)
                               : rpp_with_field(text, 1, std::to_string(number->second)));
}

// What the records have on a track and the file has not.
void RppPatcher::add_things(const std::string& track, bool has_chain) {
    const auto new_one = [&](const std::string& id) { return is_new(id); };
    for (const auto& id : after_.sends(track))
        if (is_new(id)) writer_.write_send(id, 2);
    for (const auto& id : after_.envelopes(track))
        if (is_new(id)) writer_.write_envelope(id, 2);
    const auto& effects = after_.effects(track);
    if (!has_chain && std::any_of(effects.begin(), effects.end(), new_one)) {
        put_line("    <FXCHAIN");
        for (const auto& id : effects)
            if (is_new(id)) writer_.write_fx(id, 3);
        put_line("    >");
    }
    for (const auto& id : after_.items(track))
        if (is_new(id)) writer_.write_item(id, 2);
}

void RppPatcher::patch_send(const RppLine& line, const std::string& id) {
    if (is_removed(id)) return;
    const auto old_source = source_in(line.text());
    const auto* const record = after_.find(id);
    if (record == nullptr) return put_numbered(line, line.text(), old_source);
    const auto source = record->text("source_track").value_or(old_source);
    if (source != old_source && !is_removed(source) && !writer_.track_numbers().contains(source))
        throw Error(ErrorKind::bad_record, id,
                    "source_track is '" + source + "', which no track is; correct it");
    put_numbered(line, rpp_line_with(line.text(), send_rules, *changes_of(id)), source);
}

}  // namespace patchpipe
