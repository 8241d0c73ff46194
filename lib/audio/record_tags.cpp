// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/record_tags.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/number.h"
#include "base/words.h"

namespace patchpipe {
namespace {

// Names as people and records write them.
std::string tag_name(std::string_view given) {
    std::string name(given);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char letter) { return std::toupper(letter); });
    if (name == "AUTHOR") return "ARTIST";
    return name == "SETTINGS" ? "COMMENT" : name;
}

void set_note(AudioTags& tags, const std::string& value) {
    constexpr int highest = 127;
    if (value.empty()) return tags.sampled.reset();
    const auto note = parse_whole<int>(value);
    if (!note || *note < 0 || *note > highest)
        throw Error(ErrorKind::bad_record, "audio_tags",
                    "NOTE must be a MIDI note number, 0 to 127, is '" + printable(value) + "'");
    if (!tags.sampled) tags.sampled.emplace();
    tags.sampled->note = *note;
}

void set_tag(AudioTags& tags, const std::string& name, const std::string& value) {
    if (value.find('\0') != value.npos)
        throw Error(ErrorKind::bad_record, "audio_tags", "must not hold a NUL character");
    if (name == "NOTE") return set_note(tags, value);
    if (name == "COMMENT") {
        tags.comment = value;
        return;
    }
    if (!is_tag_name(name))
        throw Error(ErrorKind::bad_record, "audio_tags",
                    "'" + printable(name) + "' is not a name; write letters, digits, _ and -");
    if (name == "LOOPSTART" && value.empty()) return remove_loops(tags);
    tags.set(name, value);
}

}  // namespace

void set_record_tags(AudioTags& tags, const Record& record) {
    const auto given = record.raw("audio_tags");
    if (!given) return;
    if (!given->starts_with('{'))
        throw Error(ErrorKind::bad_record, "audio_tags", "must be an object of names and texts");
    const Record names{*given};
    for (const auto& name : names.keys())
        set_tag(tags, tag_name(name), names.text(name).value_or(""));
}

}  // namespace patchpipe
