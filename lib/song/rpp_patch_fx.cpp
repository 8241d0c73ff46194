// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The part of RppPatcher for chains of effects and envelopes.

#include <algorithm>

#include "base/base64.h"
#include "song/record_changes.h"
#include "song/rpp_envelope.h"
#include "song/rpp_lv2.h"
#include "song/rpp_patcher.h"
#include "song/rpp_plugin.h"

namespace patchpipe {
namespace {

// The effect as its record changes it. A new state replaces the old one, whichever key has it.
Record changed_fx(const Record& old, const Record& record) {
    constexpr std::string_view states[] = {"state", "state_path", "preset_path"};
    auto fx = old;
    if (std::ranges::any_of(states, [&](auto key) { return record.raw(key).has_value(); }))
        for (const auto key : states) fx.remove(key);
    fx.set_all(record);
    return fx;
}

}  // namespace

void RppPatcher::patch_chain(const std::string& owner) {
    std::size_t count = 0, envelopes = 0;
    std::string id;
    std::optional<Record> values;
    bool has_plugin = false;
    const auto begin = [&] {
        id = owner + ".f" + std::to_string(++count);
        values = changes_of(id);
        envelopes = 0;
        has_plugin = false;
    };
    while (const auto line = walk_.next()) {
        const auto tag = line->tag();
        const bool plain = line->kind == RppKind::plain;
        const bool plugin = line->kind == RppKind::open && is_plugin_block(tag);
        if ((plain && tag == "BYPASS") || (plugin && (count == 0 || has_plugin))) begin();
        has_plugin = has_plugin || plugin;
        if (is_removed(id)) {
            if (line->kind == RppKind::open) drop_block();
        } else if (plugin) {
            patch_fx(*line, id);
        } else if (line->kind == RppKind::open && count > 0 && tag == "PARMENV") {
            patch_envelope(*line, id + ".e" + std::to_string(++envelopes));
        } else if (line->kind == RppKind::open) {
            put_block(*line);
        } else if (plain && values) {
            put_changed(*line, rpp_line_with(line->text(), fx_rules, *values));
        } else {
            put(*line);
        }
    }
    const auto level = walk_.depth() + 1;
    for (const auto& one : after_.effects(owner))
        if (is_new(one)) writer_.write_fx(one, level);
    put_closing();
}

void RppPatcher::patch_fx(const RppLine& header, const std::string& id) {
    const auto *const record = after_.find(id), *const old = before_.find(id);
    const auto level = level_of(header);
    // The line's text does not outlive the next.
    const std::string tag(header.tag());
    const auto custom_name = record != nullptr ? record->text("custom_name") : std::nullopt;
    if (custom_name && old != nullptr && tag != "CONTAINER" &&
        custom_name != old->text("custom_name").value_or(""))
        put_changed(header, rpp_with_field(header.text(), custom_name_place(tag),
                                           rpp_quoted(*custom_name)));
    else
        put(header);
    if (tag == "CONTAINER") return patch_chain(id);
    if (record == nullptr || old == nullptr) {
        walk_.pass([&](const RppLine& line) { put(line); });
        return;
    }
    patch_fx_lines(tag, level, *record, *old);
    // The effect's own lines that it lacks go behind its block.
    if (!walk_.ended()) put_missing(fx_rules, *changes_of(id), level);
}

void RppPatcher::patch_fx_lines(std::string_view tag, std::size_t level, const Record& record,
                                const Record& old) {
    const auto fx = changed_fx(old, record);
    std::optional<std::string> state;
    if (tag == "VST" || tag == "CLAP") state = fx_state(fx);
    if (state && state == fx_state(old) && same_values(old, fx, {"program", "reaper"}))
        state.reset();
    const bool vst_state = tag == "VST" && state, clap_state = tag == "CLAP" && state;
    const bool sliders = tag == "JS" && !same_values(old, record, {"parameters"});
    PortValues ports;
    if (tag == "LV2") ports = port_values_in(record);
    bool done = false;
    const auto write_vst = [&] {
        if (!done)
            writer_.write_state(fx_chunk(fx, *state, plugin_kind_of(old) == "vst3"), level + 1);
        done = true;
    };
    while (const auto line = walk_.next()) {
        if (clap_state && line->kind == RppKind::open && line->tag() == "STATE") {
            put(*line);
            drop_block();
            writer_.write_base64(*state, level + 2);
            put_closing();
        } else if (line->kind == RppKind::open) {
            put_block(*line);
        } else if (vst_state) {
            write_vst();
        } else if (sliders && !done && line->kind == RppKind::plain) {
            put_changed(*line, std::string(2 * (level + 1), ' ') + js_sliders(record));
            done = true;
        } else if (!ports.empty() && line->tag() == "P") {
            put_changed(*line, line_with_port_values(line->text(), ports));
        } else {
            put(*line);
        }
    }
    if (!ports.empty()) put_line(std::string(2 * (level + 1), ' ') + port_values_line(ports));
    if (vst_state) write_vst();
    put_closing();
}

void RppPatcher::patch_envelope(const RppLine& header, const std::string& id) {
    if (is_removed(id)) return drop_block();
    const auto *const record = after_.find(id), *const old = before_.find(id);
    const auto points = [&id](const SongModel& song) {
        auto text = normal_json(song.find(id)->raw("points").value_or("[]"));
        for (const auto& more : song.more(id))
            text += normal_json(Record(more).raw("points").value_or("[]"));
        return text;
    };
    const bool known = record != nullptr && old != nullptr;
    const bool changed = known && record->raw("points") && points(before_) != points(after_);
    const bool activity = known && !same_values(*old, *record, {"active"});
    const auto level = level_of(header);
    put(header);
    bool written = false, has_activity = false;
    const auto write_once = [&] {
        if (!written) writer_.write_points(id, old->text("target").value_or(""), level + 1);
        written = true;
    };
    while (const auto line = walk_.next()) {
        has_activity = has_activity || (line->kind == RppKind::plain && line->tag() == "ACT");
        if (line->kind == RppKind::open)
            put_block(*line);
        else if (changed && line->kind == RppKind::plain && line->tag() == "PT")
            write_once();
        else if (activity && line->kind == RppKind::plain && line->tag() == "ACT")
            put_changed(*line, rpp_with_field(line->text(), 1,
                                              record->flag("active").value_or(true) ? "1" : "0"));
        else
            put(*line);
    }
    if (changed) write_once();
    if (activity && !has_activity)
        put_line(std::string(2 * (level + 1), ' ') +
                 (record->flag("active").value_or(true) ? "ACT 1 -1" : "ACT 0 -1"));
    put_closing();
}

}  // namespace patchpipe
