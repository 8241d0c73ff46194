// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/audio_tags.h"

#include <algorithm>
#include <iterator>

namespace patchpipe {
namespace {

// The names are those of Vorbis comments, as libsndfile, FFmpeg and the tag editors spell them.
// INFO: Multimedia Programming Interface and Data Specifications 1.0, 1991; ITRK is what everybody
// writes.
constexpr TagPlace places[] = {{"TITLE", "INAM", "TIT2", "NAME"},
                               {"ARTIST", "IART", "TPE1", "AUTH"},
                               {"ALBUM", "IPRD", "TALB", ""},
                               {"GENRE", "IGNR", "TCON", ""},
                               {"DATE", "ICRD", "TDRC", ""},
                               {"TRACKNUMBER", "ITRK", "TRCK", ""},
                               {"COPYRIGHT", "ICOP", "TCOP", "(c) "},
                               {"SOFTWARE", "ISFT", "TSSE", ""},
                               {"PLUGIN", "IPLG", "", ""},
                               {"VELOCITY", "IVEL", "", ""}};

}  // namespace

std::optional<std::string> AudioTags::text(std::string_view name) const {
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [&](const TagField& field) { return field.name == name; });
    return found == fields.end() ? std::nullopt : std::optional(found->value);
}

void AudioTags::set(std::string_view name, std::string_view value) {
    const auto same = [&](const TagField& field) { return field.name == name; };
    const auto found = std::find_if(fields.begin(), fields.end(), same);
    if (found == fields.end()) {
        if (!value.empty()) fields.push_back({std::string(name), std::string(value)});
        return;
    }
    found->value = value;
    fields.erase(std::remove_if(value.empty() ? found : std::next(found), fields.end(), same),
                 fields.end());
}

bool is_tag_name(std::string_view name) {
    constexpr std::size_t longest = 64;
    const auto letter = [](char c) { return c >= 'A' && c <= 'Z'; };
    return !name.empty() && name.size() <= longest && letter(name[0]) && name != "COMMENT" &&
           std::all_of(name.begin(), name.end(), [&](char c) {
               return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == ' ' || c == '-';
           });
}

const TagPlace* tag_place(std::string_view TagPlace::*by, std::string_view id) {
    const auto* found = std::find_if(std::begin(places), std::end(places),
                                     [&](const TagPlace& place) { return place.*by == id; });
    return found == std::end(places) || id.empty() ? nullptr : found;
}

}  // namespace patchpipe
