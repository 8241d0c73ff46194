// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/file_tail.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <algorithm>
#include <cerrno>

#include "file/offset.h"
#include "record/content_hash.h"
#include "record/descriptor.h"
#include "record/error.h"

namespace patchpipe {
namespace {

constexpr std::int64_t most_hashed = 4096;

std::string read_from(int fd, std::int64_t begin, std::int64_t end, const std::string& name) {
    return read_at(fd, begin, static_cast<std::size_t>(end - begin), name);
}

std::int64_t size_of(int fd, const std::string& name) {
    struct stat info {};
    if (::fstat(fd, &info) != 0) throw Error(ErrorKind::io, name, system_message(errno));
    return info.st_size;
}

// A note that fades out ends in zeros, and so does a file whose end was lost: what tells them apart
// is before the zeros.
std::int64_t end_of_data(int fd, std::int64_t earliest, std::int64_t end, const std::string& name) {
    constexpr std::int64_t piece = 1 << 16;
    while (end > earliest) {
        const auto begin = std::max(earliest, end - piece);
        const auto last = read_from(fd, begin, end, name).find_last_not_of('\0');
        if (last != std::string::npos) return begin + static_cast<std::int64_t>(last) + 1;
        end = begin;
    }
    return end;
}

}  // namespace

FileTail tail_of(int fd, std::int64_t earliest, const std::string& name) {
    const auto size = size_of(fd, name);
    earliest = std::min(earliest, size);
    const auto to = end_of_data(fd, earliest, size, name);
    const auto from = std::max(earliest, to - most_hashed);
    return {size, from, to, content_hash(read_from(fd, from, to, name))};
}

bool has_tail(const std::string& path, const FileTail& tail) try {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0 || size_of(file.get(), path) != tail.bytes) return false;
    if (tail.from < 0 || tail.from > tail.to || tail.to > tail.bytes) return false;
    return tail.to - tail.from <= most_hashed &&
           content_hash(read_from(file.get(), tail.from, tail.to, path)) == tail.hash;
} catch (const Error&) {
    return false;
}

}  // namespace patchpipe
