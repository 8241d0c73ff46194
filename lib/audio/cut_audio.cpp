// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/cut_audio.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <algorithm>
#include <cerrno>
#include <cstdint>

#include "audio/ogg_pages.h"
#include "base/descriptor.h"
#include "base/error.h"
#include "file/offset.h"

namespace patchpipe {
namespace {

constexpr std::int64_t riff_header = 12, chunk_header = 8;

std::uint32_t little_endian(std::string_view bytes) {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
}

bool is_cut_wav(int fd, std::int64_t size, const std::string& name) {
    constexpr std::uint32_t unknown_length = 0xffffffff;  // of a stream, or of RF64
    for (auto at = riff_header; at < size;) {
        const auto header = read_at(fd, at, chunk_header, name);
        if (std::ssize(header) < chunk_header) return true;
        const auto length = little_endian(std::string_view(header).substr(4));
        at += chunk_header + length;
        if (header.starts_with("data")) return length != unknown_length && at > size;
        at += length % 2;
    }
    return true;
}

}  // namespace

bool is_cut_audio(const std::string& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat info {};
    if (file.get() < 0 || ::fstat(file.get(), &info) != 0)
        throw Error(ErrorKind::io, path, system_message(errno));
    const auto begin = read_at(file.get(), 0, riff_header, path);
    if (begin.starts_with("RIFF")) return is_cut_wav(file.get(), info.st_size, path);
    return begin.starts_with("OggS") && !ends_with_last_page(file.get(), info.st_size, path);
}

}  // namespace patchpipe
