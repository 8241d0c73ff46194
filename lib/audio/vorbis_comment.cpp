// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/vorbis_comment.h"

#include <algorithm>
#include <optional>

#include "base/byte_order.h"
#include "base/number.h"
#include "base/utf8.h"

namespace patchpipe {
namespace {

constexpr std::size_t length_size = 4;

std::string in_capitals(std::string_view name) {
    std::string capitals(name);
    for (auto& c : capitals)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return capitals;
}

// Padding, and what another program stores behind the end of a text.
std::string_view without_end(std::string_view value) {
    value = value.substr(0, value.find('\0'));
    const auto last = value.find_last_not_of(' ');
    return value.substr(0, last == value.npos ? 0 : last + 1);
}

void append_entry(TagBytes& entries, std::string_view name, std::string_view value) {
    append_little_endian(entries.bytes, static_cast<std::uint32_t>(name.size() + 1 + value.size()));
    entries.bytes += name;
    entries.bytes += '=';
    entries.bytes += value;
    ++entries.count;
}

// The text after the next length, or nothing if it is not all there.
std::optional<std::string_view> next_text(std::string_view& bytes) {
    if (bytes.size() < length_size) return {};
    const auto size = read_little_endian<std::uint32_t>(bytes);
    if (size > bytes.size() - length_size) return {};
    const auto text = bytes.substr(length_size, size);
    bytes.remove_prefix(length_size + size);
    return text;
}

}  // namespace

std::string from_latin1(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes.substr(0, bytes.find('\0')))
        append_utf8(text, static_cast<unsigned char>(byte));
    return text;
}

std::vector<TagField> all_fields(const AudioTags& tags) {
    auto fields = tags.fields;
    if (tags.sampled && !tags.text("NOTE"))
        fields.push_back({"NOTE", std::to_string(tags.sampled->note)});
    return fields;
}

TagBytes vorbis_entries(const AudioTags& tags) {
    TagBytes entries;
    for (const auto& field : all_fields(tags)) append_entry(entries, field.name, field.value);
    if (tags.comment.empty()) return entries;
    append_entry(entries, "COMMENT", tags.comment);
    entries.comment_size = tags.comment.size();
    entries.comment_begin = entries.bytes.size() - entries.comment_size;
    return entries;
}

void add_text(AudioTags& tags, std::string_view name, std::string_view value) {
    constexpr int most_note = 127;
    const auto capitals = in_capitals(name);
    value = without_end(value);
    if (value.empty()) return;
    if (!is_utf8(value)) return add_text(tags, name, from_latin1(value));
    if (capitals == "COMMENT") {
        if (tags.comment.empty()) tags.comment = value;
        return;
    }
    const auto note = capitals == "NOTE" ? parse_whole<int>(value) : std::nullopt;
    if (note && *note >= 0 && *note <= most_note) {
        if (!tags.sampled) tags.sampled = SampledNote{.note = *note};
        return;
    }
    // libsndfile adds it to every Ogg Vorbis file.
    if (capitals == "ENCODER" && value == "libsndfile") return;
    if (is_tag_name(capitals)) tags.fields.push_back({capitals, std::string(value)});
}

AudioTags parse_vorbis_comment(std::string_view bytes) {
    AudioTags tags;
    if (!next_text(bytes) || bytes.size() < length_size) return tags;
    const auto count = read_little_endian<std::uint32_t>(bytes);
    bytes.remove_prefix(length_size);
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto entry = next_text(bytes);
        if (!entry) break;
        const auto equals = entry->find('=');
        if (equals != entry->npos)
            add_text(tags, entry->substr(0, equals), entry->substr(equals + 1));
    }
    return tags;
}

}  // namespace patchpipe
