// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "match/path_fields.h"

#include <vector>

#include "base/json.h"
#include "base/words.h"

namespace patchpipe {
namespace {

constexpr PathField fields[] = {
    // Songs: patchpipe-song(5).
    {"item", "source", "path", FileKind::audio, true},
    {"sample", "", "path", FileKind::audio, true, "name"},
    {"track", "", "frozen_path", FileKind::audio, true},
    {"clip", "", "path", FileKind::video, false},
    // Jobs, and the effects of songs: patchpipe-record(5).
    {"", "", "input_path", FileKind::audio, false},
    {"", "", "sidechain_path", FileKind::audio, false},
    {"", "", "midi_path", FileKind::midi, false},
    {"", "", "preset_path", FileKind::other, false},
    {"", "", "state_path", FileKind::other, false},
    {"", "chain[]", "preset_path", FileKind::other, false},
    {"", "chain[]", "state_path", FileKind::other, false},
};

// Returns the object as JSON, with what use changed.
std::string used(const PathField& field, std::string_view json,
                 const std::function<void(PathPlace&)>& use) {
    Record object(json);
    PathPlace place(field, object);
    use(place);
    return object.line();
}

void use_object(const PathField& field, Record& record,
                const std::function<void(PathPlace&)>& use) {
    const auto json = record.raw(field.object);
    if (!json || !json->starts_with('{')) return;
    const std::string before(*json);
    const auto after = used(field, before, use);
    if (after != before) record.set_json(field.object, after);
}

void use_list(const PathField& field, Record& record, const std::function<void(PathPlace&)>& use) {
    const auto key = field.object.substr(0, field.object.size() - 2);
    const auto json = record.raw(key);
    auto elements = json ? json_elements(*json) : std::nullopt;
    if (!elements) return;
    const auto before = *elements;
    for (auto& element : *elements)
        if (element.starts_with('{')) element = used(field, element, use);
    if (*elements != before) record.set_json(key, "[" + joined(*elements, ",") + "]");
}

}  // namespace

bool is_of_song(const Record& record) {
    const auto type = record.raw("type");
    for (const std::string_view known : {"fx", "item", "sample", "song", "track"})
        if (type == json_text(known)) return true;
    return false;
}

std::string PathPlace::key(std::string_view about) const {
    constexpr std::string_view end = "path";
    return std::string(field_.key.substr(0, field_.key.size() - end.size())) + std::string(about);
}

void each_path(Record& record, const std::function<void(PathPlace&)>& use) {
    const std::string type(record.raw("type").value_or(""));  // stays when the record changes
    for (const auto& field : fields) {
        // A job may have a type of its own, of any value.
        if (!field.type.empty() && type != json_text(field.type)) continue;
        if (field.object.empty()) {
            PathPlace place(field, record);
            use(place);
        } else if (field.object.ends_with("[]")) {
            use_list(field, record, use);
        } else {
            use_object(field, record, use);
        }
    }
}

}  // namespace patchpipe
