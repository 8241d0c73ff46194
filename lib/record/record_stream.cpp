// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "record/record_stream.h"

#include <unistd.h>

#include "base/error.h"

namespace patchpipe {

void refuse_terminal_input(std::string_view what) {
    if (!::isatty(STDIN_FILENO)) return;
    throw UsageError("reads " + std::string(what) +
                     " from standard input, which is a terminal; give it a pipe");
}

std::optional<struct stat> stream_of_records() {
    struct stat info {};
    return ::fstat(STDIN_FILENO, &info) == 0 ? std::optional(info) : std::nullopt;
}

void refuse_as_file(const struct stat& stream, std::string_view key, const std::string& path) {
    struct stat file {};
    if (::stat(path.c_str(), &file) != 0) return;
    if (file.st_dev != stream.st_dev || file.st_ino != stream.st_ino) return;
    throw Error(ErrorKind::bad_record, key,
                path + " is where the records come from; write it to a file and name that");
}

}  // namespace patchpipe
