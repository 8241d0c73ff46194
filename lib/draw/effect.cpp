// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "draw/effect.h"

#include <algorithm>

#include "base/error.h"
#include "base/json.h"
#include "draw/effect_pictures.h"

namespace patchpipe {

struct EffectInfo {
    std::string_view name, help;
    std::span<const EffectSetting> settings;
    void (*draw)(Frame& picture, const EffectValues& values);
};

namespace {

using Kind = EffectSetting::Kind;

constexpr EffectSetting background{"background", Kind::color, R"("")", "",
                                   "instead of what is removed; \"\" is transparent"};
constexpr EffectSetting solid[] = {{"color", Kind::color, R"("#1e1e78")", "", "of all of it"},
                                   {"opacity", Kind::number, "1", "", "0 to 1"}};
constexpr EffectSetting wave[] = {
    {"color", Kind::color, R"("#1ec8ff")", "", "of the bars"},
    {"background", Kind::color, R"("#080808")", "", "behind them; \"\" is the picture"},
    {"height", Kind::number, "0.45", "", "of the highest bar, by that of the picture"}};
constexpr EffectSetting layered[] = {
    {"background", Kind::color, R"("#141414")", "", "behind the picture"},
    {"scale", Kind::number, "0.6", "", "of the picture"},
    {"bar", Kind::color, R"("#ffffff")", "", "the color of the bar"},
    {"bar_height", Kind::number, "0.12", "", "by that of the picture"},
    {"pulses", Kind::number, "2", "", "in a second"}};
constexpr EffectSetting chroma_key[] = {
    {"color", Kind::color, R"("#00ff00")", "", "that is removed"},
    {"threshold", Kind::number, "80", "", "how far red, green and blue may be from it, 0 to 441"},
    background};
constexpr EffectSetting cookie_cutter[] = {
    {"shape", Kind::word, R"("circle")", "circle box", "circle or box"},
    {"scale", Kind::number, "1", "", "1: a radius of 0.35 of the smaller side, or 0.6 of both"},
    background};
constexpr EffectSetting fly[] = {
    {"x", Kind::number, "[[0,-1],[0.2,0],[0.8,0],[1,1]]", "", "to the right, in widths"},
    {"y", Kind::number, "0", "", "downwards, in heights"}};
constexpr EffectSetting blinds[] = {
    {"slices", Kind::number, "8", "", "1 to 256"},
    {"open", Kind::number, "[[0,0],[0.5,1]]", "", "0 to 1"},
    {"angle", Kind::number, "90", "", "in degrees, of a slice that is closed"},
    {"depth", Kind::number, "0.5", "", "how much darker a slice is that is closed, 0 to 1"},
    {"stagger", Kind::number, "0.6", "", "how much later the last slice opens"},
    background};

constexpr EffectInfo effects[] = {
    {"solid", "one color", solid, draw_solid},
    {"wave", "the envelope of the song's audio as bars", wave, draw_wave},
    {"layered", "the picture, smaller, with a bar that pulses", layered, draw_layered},
    {"chroma-key", "removes a color", chroma_key, draw_chroma_key},
    {"cookie-cutter", "cuts a shape out of the middle", cookie_cutter, draw_cookie_cutter},
    {"fly-in-out", "moves the picture", fly, draw_fly},
    {"blinds", "slices that turn until they are open", blinds, draw_blinds},
};

const EffectInfo* find(const Record& record) {
    const auto name = record.text("effect").value_or("");
    for (const auto& info : effects)
        if (info.name == name) return &info;
    throw Error(ErrorKind::bad_record, "effect",
                "'" + name + "' is none; song-draw --list has them");
}

// Of every effect, as all have settings that are numbers.
constexpr EffectSetting keys{"keys", Kind::word, R"("note")", "note seconds",
                             "the times of keyframes: note, from 0 to 1, or seconds"};

std::string json_of(const EffectSetting& setting) {
    Record row("{}");
    row.set("setting", setting.name);
    row.set_json("default", setting.usual);
    row.set("description", setting.help);
    return row.line();
}

bool are_seconds(const Record& record) {
    const auto keys = record.text("keys").value_or("note");
    if (keys == "note" || keys == "seconds") return keys == "seconds";
    throw Error(ErrorKind::bad_record, "keys", "must be note or seconds");
}

}  // namespace

Effect::Effect(const Record& record)
    : info_(find(record)), settings_(record, info_->settings), in_seconds_(are_seconds(record)) {}

void Effect::apply(Frame& picture, const EffectMoment& moment) const {
    info_->draw(picture, {settings_, moment, in_seconds_ ? moment.seconds : moment.share});
}

bool Effect::needs_bars() const { return info_->draw == draw_wave; }

std::vector<Effect> parse_effects(std::string_view json) {
    std::vector<Effect> list;
    if (json.empty()) return list;
    const auto elements = json_elements(json);
    if (!elements)
        throw Error(ErrorKind::bad_record, "effects", "must be an array of effects; correct it");
    for (const auto& element : *elements) list.emplace_back(Record(element));
    return list;
}

void list_effects(const std::function<void(const Record&)>& write) {
    for (const auto& info : effects) {
        Record record("{}");
        record.set("effect", info.name);
        record.set("description", info.help);
        std::string settings;
        for (const auto& setting : info.settings) settings += json_of(setting) + ",";
        record.set_json("settings", "[" + settings + json_of(keys) + "]");
        write(record);
    }
}

}  // namespace patchpipe
