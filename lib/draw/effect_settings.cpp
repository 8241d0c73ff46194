// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "draw/effect_settings.h"

#include <algorithm>

#include "base/error.h"

namespace patchpipe {

EffectSettings::EffectSettings(const Record& record, std::span<const EffectSetting> table) {
    for (const auto& key : record.keys()) {
        const auto is_it = [&](const EffectSetting& setting) { return setting.name == key; };
        if (key != "effect" && key != "keys" && std::none_of(table.begin(), table.end(), is_it))
            throw Error(ErrorKind::bad_record, key,
                        "is no setting of this effect; song-draw --list has them");
    }
    for (const auto& setting : table) {
        Record usual("{}");
        usual.set_json(setting.name, setting.usual);
        take(setting, record.raw(setting.name) ? record : usual);
    }
}

void EffectSettings::take(const EffectSetting& setting, const Record& record) {
    const std::string name(setting.name);
    if (setting.kind == EffectSetting::Kind::number) {
        numbers_.emplace(name, Keyframes(*record.raw(name), name));
        return;
    }
    const auto text = record.text(name).value_or("");
    if (setting.kind == EffectSetting::Kind::color) {
        const auto color = parse_color(text);
        if (!color && !(text.empty() && name == "background"))
            throw Error(ErrorKind::bad_record, name, "must be a color as in #ff8000");
        colors_[name] = color;
        return;
    }
    if (text.empty() || text.find(' ') != text.npos ||
        (" " + std::string(setting.words) + " ").find(" " + text + " ") == std::string::npos)
        throw Error(ErrorKind::bad_record, name,
                    "must be one of these: " + std::string(setting.words));
    words_[name] = text;
}

}  // namespace patchpipe
