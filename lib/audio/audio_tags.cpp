// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/audio_tags.h"

#include <algorithm>
#include <iterator>

#include "base/error.h"
#include "base/number.h"
#include "base/words.h"

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

constexpr std::string_view loop_fields[] = {"LOOPSTART", "LOOPEND", "LOOPLENGTH"};

[[noreturn]] void refuse_loop(const std::string& what) {
    throw Error(ErrorKind::bad_record, "audio_tags", what + "; correct it, or remove the tag");
}

std::optional<std::int64_t> frames_in(const AudioTags& tags, std::string_view name) {
    const auto text = tags.text(name);
    if (!text) return {};
    const auto number = parse_whole<std::int64_t>(*text);
    if (number && *number >= 0) return number;
    refuse_loop(std::string(name) + " must be frames, a whole number, is '" + printable(*text) +
                "'");
}

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

std::optional<SampledNote> sampled_with_loop(const AudioTags& tags, std::int64_t frames) {
    const auto begin = frames_in(tags, "LOOPSTART");
    if (!begin) return tags.sampled;
    auto end = frames_in(tags, "LOOPEND").value_or(frames);
    if (const auto length = frames_in(tags, "LOOPLENGTH"))
        end = *length <= frames - *begin ? *begin + *length : frames + 1;
    if (*begin >= end || end > frames)
        refuse_loop("LOOPSTART and its end are no loop in a file of " + std::to_string(frames) +
                    " frames");
    auto sampled = tags.sampled.value_or(SampledNote{});
    sampled.loops = {{.begin = *begin, .end = end}};
    return sampled;
}

void remove_loops(AudioTags& tags) {
    if (tags.sampled) tags.sampled->loops.clear();
    for (const auto name : loop_fields) tags.set(name, "");
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
