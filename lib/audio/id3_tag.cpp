// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/id3_tag.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "audio/tag_chunks.h"
#include "audio/vorbis_comment.h"
#include "base/byte_order.h"

namespace patchpipe {
namespace {

constexpr std::size_t id3_header_size = 10;

enum class Encoding : unsigned char { latin1, utf16_with_mark, utf16_big_endian, utf8 };

// Numbers of the tag have 7 bits in each byte.
void append_synchsafe(std::string& bytes, std::size_t number) {
    for (int shift = 21; shift >= 0; shift -= 7) bytes += static_cast<char>(number >> shift & 0x7f);
}

std::size_t synchsafe(std::string_view bytes) {
    std::size_t number = 0;
    for (const char byte : bytes.substr(0, 4))
        number = number << 7 | (static_cast<unsigned char>(byte) & 0x7fU);
    return number;
}

void append_frame(TagBytes& tag, std::string_view id, std::string_view before,
                  std::string_view text) {
    tag.bytes += id;
    append_synchsafe(tag.bytes, 1 + before.size() + text.size());
    tag.bytes += std::string(2, '\0');
    tag.bytes += static_cast<char>(Encoding::utf8);
    tag.bytes += before;
    tag.bytes += text;
    ++tag.count;
}

std::string decoded(Encoding encoding, std::string_view bytes) {
    switch (encoding) {
        case Encoding::latin1:
            return from_latin1(bytes);
        case Encoding::utf16_with_mark:
            if (bytes.starts_with("\xfe\xff")) return from_utf16(bytes.substr(2), true);
            return from_utf16(bytes.starts_with("\xff\xfe") ? bytes.substr(2) : bytes, false);
        case Encoding::utf16_big_endian:
            return from_utf16(bytes, true);
        case Encoding::utf8:
            break;
    }
    return std::string(bytes.substr(0, bytes.find('\0')));
}

// Takes a text and its end from the front.
std::string take_text(Encoding encoding, std::string_view& bytes) {
    const bool wide =
        encoding == Encoding::utf16_with_mark || encoding == Encoding::utf16_big_endian;
    const std::size_t unit = wide ? 2 : 1;
    std::size_t end = 0;
    while (end + unit <= bytes.size() && (bytes[end] != '\0' || bytes[end + unit - 1] != '\0'))
        end += unit;
    const auto text = decoded(encoding, bytes.substr(0, end));
    bytes.remove_prefix(std::min(bytes.size(), end + unit));
    return text;
}

// Version 2.2 has shorter ids.
std::string_view id_of_today(std::string_view id) {
    constexpr std::pair<std::string_view, std::string_view> ids[] = {
        {"TT2", "TIT2"}, {"TP1", "TPE1"},  {"TAL", "TALB"}, {"TCO", "TCON"},
        {"TYE", "TDRC"}, {"TYER", "TDRC"}, {"TRK", "TRCK"}, {"TCR", "TCOP"},
        {"TSS", "TSSE"}, {"COM", "COMM"},  {"TXX", "TXXX"}};
    for (const auto& [old, now] : ids)
        if (id == old) return now;
    return id;
}

void add_frame(AudioTags& tags, std::string_view id, std::string_view contents) {
    constexpr std::size_t language = 3;
    if (contents.empty() || static_cast<unsigned char>(contents[0]) > 3) return;
    const auto encoding = static_cast<Encoding>(contents[0]);
    contents.remove_prefix(1);
    id = id_of_today(id);
    if (id == "COMM") {
        if (contents.size() < language) return;
        contents.remove_prefix(language);
        // Programs keep other things in comments with a description, such as iTunes' volumes.
        if (take_text(encoding, contents).empty())
            add_text(tags, "COMMENT", decoded(encoding, contents));
    } else if (id == "TXXX") {
        const auto name = take_text(encoding, contents);
        add_text(tags, name, decoded(encoding, contents));
    } else if (const auto* place = tag_place(&TagPlace::id3, id)) {
        add_text(tags, place->name, decoded(encoding, contents));
    } else if (id.starts_with('T')) {
        add_text(tags, id, decoded(encoding, contents));
    }
}

// Undoes what keeps a decoder from taking the tag for audio: a zero byte after each 0xff.
std::string synchronised(std::string_view bytes) {
    std::string plain;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        plain += bytes[i];
        if (bytes[i] == '\xff' && i + 1 < bytes.size() && bytes[i + 1] == '\0') ++i;
    }
    return plain;
}

struct Version {
    std::size_t id, header;  // the sizes of a frame's id and header
    bool synchsafe_sizes;
    unsigned char refused_flags;
};

std::optional<Version> version_of(std::string_view tag) {
    switch (tag[3]) {
        case 2:
            return Version{3, 6, false, 0};
        case 3:
            return Version{4, id3_header_size, false, 0xc0};  // compressed, encrypted
        case 4:
            return Version{4, id3_header_size, true, 0x0f};  // also with a length before the text
        default:
            return {};
    }
}

std::size_t frame_size(const Version& version, std::string_view header) {
    if (version.id == 3) return big_endian_number(header.substr(3, 3));
    return version.synchsafe_sizes ? synchsafe(header.substr(4))
                                   : read_big_endian<std::uint32_t>(header.substr(4));
}

// The frame's id in the tables of today: a text frame that is not in them keeps its own name.
std::string_view frame_for(std::string_view name) {
    if (const auto* place = tag_place(&TagPlace::name, name)) return place->id3;
    const bool own = name.size() == 4 && name[0] == 'T' && name != "TXXX" && is_tag_name(name) &&
                     name.find_first_of(" -_") == name.npos && id_of_today(name) == name &&
                     !tag_place(&TagPlace::id3, name);
    return own ? name : std::string_view();
}

}  // namespace

TagBytes id3_tag(const AudioTags& tags) {
    TagBytes tag{std::string("ID3\4\0\0\0\0\0\0", id3_header_size)};
    for (const auto& field : all_fields(tags)) {
        const auto id = frame_for(field.name);
        if (id.empty())
            append_frame(tag, "TXXX", field.name + '\0', field.value);
        else
            append_frame(tag, id, "", field.value);
    }
    if (!tags.comment.empty()) {
        const std::string unknown_language("XXX\0", 4);  // and an empty description
        append_frame(tag, "COMM", unknown_language, tags.comment);
        tag.comment_size = tags.comment.size();
        tag.comment_begin = tag.bytes.size() - tag.comment_size;
    }
    if (tag.count == 0) return {};
    std::string size;
    append_synchsafe(size, tag.bytes.size() - id3_header_size);
    tag.bytes.replace(id3_header_size - size.size(), size.size(), size);
    return tag;
}

std::size_t id3_tag_size(std::string_view bytes) {
    constexpr unsigned char has_footer = 0x10;
    if (bytes.size() < id3_header_size || !bytes.starts_with("ID3")) return 0;
    const bool footer = (static_cast<unsigned char>(bytes[5]) & has_footer) != 0;
    return id3_header_size + synchsafe(bytes.substr(6)) + (footer ? id3_header_size : 0);
}

bool is_mp3(std::string_view bytes) {
    constexpr unsigned char sync = 0xe0;
    const bool frame = bytes.size() > 1 && bytes[0] == '\xff' &&
                       (static_cast<unsigned char>(bytes[1]) & sync) == sync;
    return frame || id3_tag_size(bytes) > 0;
}

AudioTags parse_id3_tag(std::string_view bytes) {
    constexpr unsigned char unsynchronised = 0x80, extended = 0x40;
    AudioTags tags;
    const auto size = id3_tag_size(bytes);
    const auto version = size > 0 ? version_of(bytes) : std::nullopt;
    if (!version) return tags;
    const auto flags = static_cast<unsigned char>(bytes[5]);
    auto frames = std::string(bytes.substr(id3_header_size, size - id3_header_size));
    if ((flags & unsynchronised) != 0) frames = synchronised(frames);
    std::string_view left = frames;
    if ((flags & extended) != 0 && version->id == 4 && left.size() >= 4) {
        const auto skipped = version->synchsafe_sizes
                                 ? synchsafe(left)
                                 : read_big_endian<std::uint32_t>(left) + std::size_t{4};
        left.remove_prefix(std::min(left.size(), skipped));
    }
    while (left.size() > version->header && left[0] != '\0') {
        const auto length = frame_size(*version, left);
        if (length > left.size() - version->header) break;
        const bool plain =
            version->id == 3 || (static_cast<unsigned char>(left[9]) & version->refused_flags) == 0;
        if (plain)
            add_frame(tags, left.substr(0, version->id), left.substr(version->header, length));
        left.remove_prefix(version->header + length);
    }
    return tags;
}

}  // namespace patchpipe
