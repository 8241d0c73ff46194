// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/read_tags.h"

#include <fcntl.h>
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "audio/chunks.h"
#include "audio/file_body.h"
#include "audio/id3_tag.h"
#include "audio/tag_chunks.h"
#include "audio/vorbis_comment.h"
#include "base/byte_order.h"
#include "base/descriptor.h"
#include "base/error.h"
#include "file/offset.h"

namespace patchpipe {
namespace {

using Container = AudioFormat::Container;

constexpr std::size_t most_bytes = std::size_t{1} << 20;  // of a chunk, or of a packet

struct File {
    int fd;
    const std::string& name;

    [[nodiscard]] std::string bytes(std::uint64_t offset, std::uint64_t size) const {
        return read_at(fd, static_cast<std::int64_t>(offset),
                       static_cast<std::size_t>(std::min<std::uint64_t>(size, most_bytes)), name);
    }
};

void add_tags(AudioTags& tags, const AudioTags& others) {
    if (tags.comment.empty()) tags.comment = others.comment;
    for (const auto& field : others.fields)
        if (!tags.text(field.name)) tags.fields.push_back(field);
    if (!tags.sampled) tags.sampled = others.sampled;
}

AudioTags tags_in_chunks(const File& file) {
    AudioTags id3;
    ChunkTags chunks;
    walk_chunks(file.fd, file.name, [&](const Chunk& chunk) {
        if (!is_tag_chunk(chunk.id)) return true;
        const auto contents = file.bytes(chunk.begin, chunk.size);
        if (chunk.id == "id3 " || chunk.id == "ID3 ")
            id3 = parse_id3_tag(contents);
        else
            chunks.add(chunk.id, contents, chunk.big_endian);
        return true;
    });
    auto tags = chunks.take();
    add_tags(tags, id3);
    return tags;
}

AudioTags tags_of_flac(const File& file, std::uint64_t begin) {
    constexpr int most_blocks = 1000;
    constexpr unsigned vorbis_comment = 4, last = 0x80;
    constexpr std::size_t block_header = 4;
    auto at = begin + block_header;  // "fLaC" has the same size
    for (int block = 0; block < most_blocks; ++block) {
        const auto header = file.bytes(at, block_header);
        if (header.size() < block_header) break;
        const auto kind = static_cast<unsigned char>(header[0]);
        const auto size = big_endian_number(std::string_view(header).substr(1));
        if ((kind & ~last) == vorbis_comment)
            return parse_vorbis_comment(file.bytes(at + block_header, size));
        if ((kind & last) != 0) break;
        at += block_header + size;
    }
    return {};
}

// The second packet of an Ogg file has the comments. Other streams in the file are not looked at.
AudioTags tags_of_ogg(const File& file) {
    constexpr std::size_t page_header = 27, serial_at = 14, segments_at = 26, most_pages = 1000;
    std::string packet, serial;
    int packets_ended = 0;
    std::uint64_t at = 0;
    for (std::size_t page = 0; page < most_pages && packet.size() < most_bytes; ++page) {
        const auto header = file.bytes(at, page_header);
        if (header.size() < page_header || !header.starts_with("OggS")) return {};
        const auto segments =
            file.bytes(at + page_header, static_cast<unsigned char>(header[segments_at]));
        auto body = at + page_header + segments.size();
        if (serial.empty()) serial = header.substr(serial_at, 4);
        const bool ours = header.compare(serial_at, 4, serial) == 0;
        for (const char segment : segments) {
            const auto size = static_cast<unsigned char>(segment);
            if (ours && packets_ended == 1) packet += file.bytes(body, size);
            body += size;
            constexpr unsigned char goes_on = 255;
            if (ours && size < goes_on && ++packets_ended == 2) page = most_pages;
            if (packets_ended == 2) break;
        }
        at = body;
    }
    constexpr std::string_view vorbis = "\x03vorbis", opus = "OpusTags";
    for (const auto magic : {vorbis, opus})
        if (packet.starts_with(magic))
            return parse_vorbis_comment(std::string_view(packet).substr(magic.size()));
    return {};
}

// The fixed fields that old MP3 files end with (ID3v1).
AudioTags tags_of_old_mp3(const File& file) {
    constexpr std::int64_t size = 128;
    const auto end = size_of(file.fd, file.name);
    AudioTags tags;
    if (end < size) return tags;
    const auto bytes = file.bytes(static_cast<std::uint64_t>(end - size), size);
    if (!bytes.starts_with("TAG")) return tags;
    add_text(tags, "TITLE", bytes.substr(3, 30));
    add_text(tags, "ARTIST", bytes.substr(33, 30));
    add_text(tags, "ALBUM", bytes.substr(63, 30));
    add_text(tags, "DATE", bytes.substr(93, 4));
    add_text(tags, "COMMENT", bytes.substr(97, 30));
    return tags;
}

struct Found {
    std::optional<Container> container;
    AudioTags tags;
};

Found read(const File& file) {
    const auto begin = file.bytes(0, chunked_file_header);
    if (const auto container = chunked_container(begin)) return {container, tags_in_chunks(file)};
    if (begin.starts_with("fLaC")) return {Container::flac, tags_of_flac(file, 0)};
    if (begin.starts_with("OggS"))
        return {begin.find("OpusHead") != begin.npos ? Container::opus : Container::ogg,
                tags_of_ogg(file)};
    if (const auto size = id3_tag_size(begin)) {
        if (file.bytes(size, 4) == "fLaC") return {Container::flac, tags_of_flac(file, size)};
        return {Container::mp3, parse_id3_tag(file.bytes(0, size))};
    }
    if (is_mp3(begin)) return {Container::mp3, tags_of_old_mp3(file)};
    return {};
}

}  // namespace

AudioTags read_audio_tags(int fd, const std::string& name) {
    auto tags = read(File{fd, name}).tags;
    // As other programs call the comment in Vorbis comments.
    if (const auto description = tags.text("DESCRIPTION"); description && tags.comment.empty()) {
        tags.comment = *description;
        tags.set("DESCRIPTION", "");
    }
    return tags;
}

std::optional<std::string> audio_comment(const std::string& path, Container container) try {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) return {};
    const auto found = read(File{file.get(), path});
    if (found.container != container || found.tags.comment.empty()) return {};
    return found.tags.comment;
} catch (const Error&) {
    return {};
}

}  // namespace patchpipe
