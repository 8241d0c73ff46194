// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "file/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>

#include "base/error.h"

namespace patchpipe {
namespace {

[[noreturn]] void fail(const std::string& path, int error_number) {
    const bool missing = error_number == ENOENT || error_number == ENOTDIR;
    throw Error(missing ? ErrorKind::not_found : ErrorKind::io, path, system_message(error_number));
}

[[noreturn]] void refuse_large(const std::string& path, std::size_t largest) {
    throw Error(ErrorKind::unsupported, path,
                "larger than " + std::to_string(largest) + " bytes, the limit for such a file");
}

Descriptor open_accepted(const std::string& path, Accept accept) {
    // Without O_NONBLOCK, opening a FIFO would wait for its writer.
    const int wait = accept == Accept::regular ? O_NONBLOCK : 0;
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | wait));
    struct stat info {};
    if (file.get() < 0 || ::fstat(file.get(), &info) != 0) fail(path, errno);
    if (S_ISDIR(info.st_mode)) fail(path, EISDIR);
    if (accept == Accept::regular && !S_ISREG(info.st_mode))
        throw Error(ErrorKind::unsupported, path, "is not a regular file; give the path of one");
    return file;
}

// The first guess at the size. A pipe reports 0, and a file may grow; one that is too large already
// need not be read.
std::size_t first_guess(int fd, const std::string& path, std::size_t largest) {
    struct stat info {};
    if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) return 1 << 16;
    const auto size = static_cast<std::size_t>(info.st_size);
    if (size > largest) refuse_large(path, largest);
    return size + 1;
}

// Reads until there are that many bytes or the file ends. Memory is allocated as bytes arrive,
// because the number wanted may come from the file itself and be far too large.
void read_until(int fd, const std::string& path, std::string& bytes, std::size_t wanted) {
    constexpr std::size_t most_at_once = std::size_t{1} << 20;
    while (bytes.size() < wanted) {
        const auto size = bytes.size();
        bytes.resize(size + std::min(wanted - size, most_at_once));
        const auto got =
            repeated([&] { return ::read(fd, bytes.data() + size, bytes.size() - size); });
        const int error = errno;
        bytes.resize(size + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        if (got < 0) fail(path, error);
        if (got == 0) return;
    }
}

}  // namespace

Descriptor open_file(const std::string& path) { return open_accepted(path, Accept::regular); }

void read_file_in_pieces(const std::string& path, std::size_t largest,
                         const std::function<void(std::string_view)>& use) {
    const auto file = open_file(path);
    const auto most = std::min(first_guess(file.get(), path, largest), std::size_t{1} << 18);
    std::string piece;
    for (std::size_t size = 0;;) {
        piece.clear();
        read_until(file.get(), path, piece, most);
        if (piece.empty()) return;
        size += piece.size();
        if (size > largest) refuse_large(path, largest);
        use(piece);
    }
}

std::string read_file(const std::string& path, std::size_t largest, Accept accept) {
    const auto file = open_accepted(path, accept);
    std::string bytes;
    for (auto wanted = first_guess(file.get(), path, largest);;
         wanted = std::min(2 * wanted, largest + 1)) {
        bytes.reserve(wanted);
        read_until(file.get(), path, bytes, wanted);
        if (bytes.size() > largest) refuse_large(path, largest);
        if (bytes.size() < wanted) return bytes;
    }
}

std::string read_file_head(const std::string& path, std::size_t most, Accept accept) {
    const auto file = open_accepted(path, accept);
    std::string bytes;
    read_until(file.get(), path, bytes, most);
    return bytes;
}

std::string read_file_head(const std::string& path, std::size_t first,
                           const std::function<std::size_t(std::string_view)>& wanted,
                           Accept accept) {
    const auto file = open_accepted(path, accept);
    std::string bytes;
    read_until(file.get(), path, bytes, first);
    read_until(file.get(), path, bytes, wanted(bytes));
    return bytes;
}

}  // namespace patchpipe
