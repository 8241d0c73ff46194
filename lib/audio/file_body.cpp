// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/file_body.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <array>
#include <cerrno>

#include "base/descriptor.h"
#include "base/error.h"
#include "file/content_hash.h"
#include "file/offset.h"

namespace patchpipe {
namespace {

// Hashes the file from begin on. Stops early, with the hash of less, when given_up is set.
std::string hash_from(int fd, std::int64_t begin, const std::string& name,
                      const std::stop_token& given_up = {}) {
    std::array<char, 1 << 15> piece;  // small enough for the processor's first cache
    ContentHash hash;
    while (const auto size = read_at(fd, begin, piece.data(), piece.size(), name)) {
        if (given_up.stop_requested()) break;
        hash.add({piece.data(), size});
        begin += static_cast<std::int64_t>(size);
    }
    return hash.text();
}

}  // namespace

std::int64_t size_of(int fd, const std::string& name) {
    struct stat info {};
    if (::fstat(fd, &info) != 0) throw Error(ErrorKind::io, name, system_message(errno));
    return info.st_size;
}

FileBody body_of(int fd, std::int64_t begin, const std::string& name) {
    return {size_of(fd, name), begin, hash_from(fd, begin, name)};
}

bool has_body(const std::string& path, const FileBody& body, const std::stop_token& given_up) try {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0 || body.begin < 0 || size_of(file.get(), path) != body.bytes) return false;
    return hash_from(file.get(), body.begin, path, given_up) == body.hash;
} catch (const Error&) {
    return false;
}

}  // namespace patchpipe
