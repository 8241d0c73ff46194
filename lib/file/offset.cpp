// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "file/offset.h"

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
