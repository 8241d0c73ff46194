// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "record/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>

#include "record/descriptor.h"
#include "record/error.h"

namespace patchpipe {
namespace {

Descriptor open_file(const std::string& path) {
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() >= 0) return file;
    const bool missing = errno == ENOENT || errno == ENOTDIR;
    throw Error(missing ? ErrorKind::not_found : ErrorKind::io, path, system_message(errno));
}

// What to make room for. A pipe's size is 0, and a file may grow, so it is only a first guess.
std::size_t first_guess(int fd, std::size_t largest) {
    struct stat info {};
    if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) return 1 << 16;
    return std::min(static_cast<std::size_t>(info.st_size), largest) + 1;
}

// Reads on until there are that many bytes, or all that the file has. Room is made for what is
// there, and not for what is wanted: a file may tell any size.
void read_until(int fd, const std::string& path, std::string& bytes, std::size_t wanted) {
    constexpr std::size_t most_at_once = std::size_t{1} << 20;
    while (bytes.size() < wanted) {
        const auto size = bytes.size();
        bytes.resize(size + std::min(wanted - size, most_at_once));
        const auto got = ::read(fd, bytes.data() + size, bytes.size() - size);
        const int error = errno;
        bytes.resize(size + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        if (got < 0 && error == EINTR) continue;
        if (got < 0) throw Error(ErrorKind::io, path, system_message(error));
        if (got == 0) return;
    }
}

}  // namespace

std::string read_file(const std::string& path, std::size_t largest) {
    const auto file = open_file(path);
    std::string bytes(first_guess(file.get(), largest), '\0');
    std::size_t size = 0;
    for (;;) {
        const auto got = ::read(file.get(), bytes.data() + size, bytes.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw Error(ErrorKind::io, path, system_message(errno));
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
        if (size > largest)
            throw Error(ErrorKind::unsupported, path,
                        "larger than " + std::to_string(largest) +
                            " bytes, the most that is read of such a file");
        if (size == bytes.size()) bytes.resize(2 * size);
    }
    bytes.resize(size);
    return bytes;
}

std::string read_file_head(const std::string& path, std::size_t most) {
    const auto file = open_file(path);
    std::string bytes;
    read_until(file.get(), path, bytes, most);
    return bytes;
}

std::string read_file_head(const std::string& path, std::size_t first,
                           const std::function<std::size_t(std::string_view)>& wanted) {
    const auto file = open_file(path);
    std::string bytes;
    read_until(file.get(), path, bytes, first);
    read_until(file.get(), path, bytes, wanted(bytes));
    return bytes;
}

}  // namespace patchpipe
