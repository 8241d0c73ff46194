// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "file/nameless_file.h"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <cstdlib>
#include <string>

#include "base/error.h"
#include "base/write.h"

namespace patchpipe {

std::string temporary_root() {
    const char* folder = std::getenv("TMPDIR");
    return folder && *folder ? folder : "/tmp";
}

Descriptor nameless_file() {
    constexpr int owner_only = 0600;
    Descriptor file(::open(temporary_root().c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, owner_only));
    if (file.get() >= 0) return file;
    // Not every file system has such files. A process that is killed between these two leaves one.
    auto name = temporary_root() + "/patchpipe.XXXXXX";
    file = Descriptor(::mkostemp(name.data(), O_CLOEXEC));
    if (file.get() < 0 || ::unlink(name.c_str()) != 0)
        throw Error(ErrorKind::io, name, system_message(errno));
    return file;
}

void write_nameless(int fd, std::string_view bytes) {
    if (const int error = try_write_all(fd, bytes))
        throw Error(ErrorKind::io, temporary_root(),
                    "holds no more temporary files: " + system_message(error) +
                        "; name another folder in TMPDIR");
}

}  // namespace patchpipe
