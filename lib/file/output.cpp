// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "file/output.h"

#include <unistd.h>

#include "file/whole_file.h"
#include "record/error.h"
#include "record/file.h"
#include "record/stream.h"

namespace patchpipe {

std::string read_input(const std::string& file, std::size_t largest) {
    if (file != "-") return read_file(file, largest);
    if (isatty(STDIN_FILENO))
        throw UsageError("-: standard input is a terminal; give it a pipe or a file");
    return read_file("/dev/stdin", largest);
}

std::string input_name(const std::string& file) { return file == "-" ? "standard input" : file; }

void refuse_terminal(const std::optional<std::string>& path, std::string_view what) {
    if (path || !isatty(STDOUT_FILENO)) return;
    throw UsageError(std::string(what) + " is not for a terminal; use -o OUT or a pipe");
}

void write_output(const std::optional<std::string>& path, std::string_view bytes) {
    if (path)
        write_whole_file(*path, bytes);
    else
        write_all(STDOUT_FILENO, bytes);
}

}  // namespace patchpipe
