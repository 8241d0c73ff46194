// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/cut_audio.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <string_view>

#include "audio/ogg_pages.h"
#include "base/byte_order.h"
#include "base/descriptor.h"
#include "base/error.h"
#include "file/offset.h"

namespace patchpipe {
namespace {

constexpr std::int64_t riff_header = 12, chunk_header = 8;

// Real files have fewer chunks before the data; walking through as many as fit could take days.
constexpr int most_chunks = 1000;

// WAV has three kinds: RIFF; RIFX, which is big-endian; and RF64, whose lengths are in a chunk of
// their own.
bool is_wav(std::string_view begin) {
    return begin.starts_with("RIFF") || begin.starts_with("RIFX") || begin.starts_with("RF64");
}

bool is_cut_wav(int fd, std::uint64_t size, bool big_endian, const std::string& name) {
    constexpr std::uint32_t unknown_length = 0xffffffff;  // of a stream, or of RF64
    constexpr std::size_t ds64_data = 8, ds64_end = 16;   // the length of the data, in ds64
    std::optional<std::uint64_t> long_data;
    std::uint64_t at = riff_header;
    for (int chunk = 0; chunk < most_chunks && at < size; ++chunk) {
        const auto offset = static_cast<std::int64_t>(at);
        const auto header = read_at(fd, offset, chunk_header, name);
        if (std::ssize(header) < chunk_header) return true;
        const auto number = std::string_view(header).substr(4);
        const auto length = big_endian ? read_big_endian<std::uint32_t>(number)
                                       : read_little_endian<std::uint32_t>(number);
        at += chunk_header;
        if (header.starts_with("data")) {
            if (length != unknown_length) return length > size - at;
            return long_data && *long_data > size - at;
        }
        if (header.starts_with("ds64")) {
            const auto lengths = read_at(fd, offset + chunk_header, ds64_end, name);
            if (lengths.size() < ds64_end) return true;
            long_data = read_little_endian<std::uint64_t>(lengths.substr(ds64_data));
        }
        at += length + length % 2;
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
    if (is_wav(begin))
        return is_cut_wav(file.get(), static_cast<std::uint64_t>(info.st_size),
                          begin.starts_with("RIFX"), path);
    return begin.starts_with("OggS") && !ends_with_last_page(file.get(), info.st_size, path);
}

}  // namespace patchpipe
