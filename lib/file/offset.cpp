// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "file/offset.h"

#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>

#include "base/descriptor.h"
#include "base/error.h"

namespace patchpipe {

std::size_t read_at(int fd, std::int64_t offset, void* bytes, std::size_t size,
                    const std::string& name) {
    std::size_t done = 0;
    while (done < size) {
        const auto got = repeated([&] {
            return ::pread(fd, static_cast<char*>(bytes) + done, size - done,
                           offset + static_cast<std::int64_t>(done));
        });
        if (got < 0) throw Error(ErrorKind::io, name, system_message(errno));
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

std::string read_at(int fd, std::int64_t offset, std::size_t size, const std::string& name) {
    std::string bytes(size, '\0');
    bytes.resize(read_at(fd, offset, bytes.data(), size, name));
    return bytes;
}

std::string read_all_of(int fd, std::size_t largest, const std::string& name) {
    struct stat file {};
    if (fstat(fd, &file) != 0) throw Error(ErrorKind::io, name, system_message(errno));
    const auto size = static_cast<std::size_t>(file.st_size);
    if (size > largest)
        throw Error(ErrorKind::io, name,
                    "has " + std::to_string(size) + " bytes; at most " + std::to_string(largest) +
                        " are possible");
    return read_at(fd, 0, size, name);
}

void write_at(int fd, std::int64_t offset, std::string_view bytes, const std::string& name) {
    while (!bytes.empty()) {
        const auto written =
            repeated([&] { return ::pwrite(fd, bytes.data(), bytes.size(), offset); });
        if (written < 0) throw Error(ErrorKind::io, name, system_message(errno));
        bytes.remove_prefix(static_cast<std::size_t>(written));
        offset += written;
    }
}

}  // namespace patchpipe
