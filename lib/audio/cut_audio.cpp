// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/cut_audio.h"

#include <fcntl.h>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <system_error>

#include "audio/chunks.h"
#include "audio/file_body.h"
#include "audio/id3_tag.h"
#include "audio/mp3_length.h"
#include "audio/ogg_pages.h"
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

bool is_cut_mp3(int fd, const std::string& name) {
    const auto length = read_mp3_length(fd, name);
    return length.bytes &&
           length.begin + *length.bytes > static_cast<std::uint64_t>(size_of(fd, name));
}

Descriptor opened(const std::string& path) {
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) throw Error(ErrorKind::io, path, system_message(errno));
    return file;
}

}  // namespace

std::optional<std::string> why_not_all_is_read(const std::string& path) {
    std::error_code unseen;
    if (!std::filesystem::is_regular_file(path, unseen)) return {};
    if (is_cut_audio(path)) return "is cut short";
    if (is_chained_ogg(opened(path).get(), path))
        return "has further Ogg streams behind its first, which are not read";
    return {};
}

void refuse_unless_all_is_read(const std::string& path) {
    if (const auto why = why_not_all_is_read(path))
        throw Error(ErrorKind::corrupt, path, *why + "; write it again");
}

bool is_cut_audio(const std::string& path) {
    const auto file = opened(path);
    const auto begin = read_at(file.get(), 0, chunked_file_header, path);
    if (const auto container = chunked_container(begin))
        return is_cut_chunked(file.get(), *container, path);
    if (begin.starts_with("OggS"))
        return !ends_with_last_page(file.get(), size_of(file.get(), path), path);
    return is_mp3(begin) && is_cut_mp3(file.get(), path);
}

}  // namespace patchpipe
