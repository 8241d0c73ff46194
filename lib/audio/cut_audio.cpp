// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/cut_audio.h"

#include <fcntl.h>
#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <string_view>

#include "audio/chunks.h"
#include "audio/file_body.h"
#include "audio/id3_tag.h"
#include "audio/ogg_pages.h"
#include "base/byte_order.h"
#include "base/descriptor.h"
#include "base/error.h"
#include "file/offset.h"

namespace patchpipe {
namespace {

bool is_cut_chunked(int fd, AudioFormat::Container container, const std::string& name) {
    const auto file_size = static_cast<std::uint64_t>(size_of(fd, name));
    bool whole = false;
    walk_chunks(fd, name, [&](const Chunk& chunk) {
        if (chunk.id != data_chunk(container)) return true;
        whole = chunk.begin <= file_size && chunk.size <= file_size - chunk.begin;
        return false;
    });
    return !whole;
}

// Encoders that know the length put it into a first frame without sound, called Xing or Info:
// flags, then the number of frames, if the first flag is set, then the number of bytes, if the
// second is.
bool is_cut_mp3(int fd, const std::string& name) {
    constexpr std::size_t id3_header = 10, most_side_info = 64, number = 4;
    constexpr unsigned has_frames = 1, has_bytes = 2;
    const auto begin = id3_tag_size(read_at(fd, 0, id3_header, name));
    const auto frame = read_at(fd, static_cast<std::int64_t>(begin), most_side_info, name);
    const auto at = std::min(frame.find("Xing"), frame.find("Info"));
    if (at == frame.npos || frame.size() < at + 4 * number) return false;
    const auto numbers = std::string_view(frame).substr(at + number);
    const auto flags = read_big_endian<std::uint32_t>(numbers);
    if ((flags & has_bytes) == 0) return false;
    const auto bytes = read_big_endian<std::uint32_t>(
        numbers.substr((flags & has_frames) != 0 ? 2 * number : number));
    return begin + bytes > static_cast<std::uint64_t>(size_of(fd, name));
}

}  // namespace

bool is_cut_audio(const std::string& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) throw Error(ErrorKind::io, path, system_message(errno));
    const auto begin = read_at(file.get(), 0, chunked_file_header, path);
    if (const auto container = chunked_container(begin))
        return is_cut_chunked(file.get(), *container, path);
    if (begin.starts_with("OggS"))
        return !ends_with_last_page(file.get(), size_of(file.get(), path), path);
    return is_mp3(begin) && is_cut_mp3(file.get(), path);
}

}  // namespace patchpipe
