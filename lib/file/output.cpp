// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "file/output.h"

#include <unistd.h>

#include "base/error.h"
#include "base/words.h"
#include "base/write.h"
#include "file/read_file.h"

namespace patchpipe {
namespace {

bool names_stdout(const std::optional<std::string>& path) { return !path || *path == "-"; }

}  // namespace

std::string input_path(const std::string& file) {
    if (file != "-") return file;
    if (isatty(STDIN_FILENO))
        throw UsageError("-: standard input is a terminal; give it a pipe or a file");
    return "/dev/stdin";
}

std::string read_input(const std::string& file, std::size_t largest) {
    return read_file(input_path(file), largest, Accept::anything);
}

std::string input_name(const std::string& file) { return file == "-" ? "standard input" : file; }

void refuse_terminal(const std::optional<std::string>& path, std::string_view what) {
    if (!names_stdout(path) || !isatty(STDOUT_FILENO)) return;
    throw UsageError(std::string(what) + " is not written to a terminal; use -o OUT or a pipe");
}

void refuse_input_as_output(const std::optional<std::string>& path, const std::string& file) {
    if (!names_stdout(path) && same_regular_file(input_path(file), *path))
        throw UsageError("-o: " + printable(*path) + " is the input; name another file");
}

Output::Output(const std::optional<std::string>& path) {
    if (names_stdout(path)) return;
    file_.emplace(*path);
    file_->keep_mode();
}

void Output::write(std::string_view bytes) {
    file_ ? file_->write(bytes) : write_all(STDOUT_FILENO, bytes, "standard output");
}

void Output::commit() {
    if (file_) file_->commit();
}

void write_output(const std::optional<std::string>& path, std::string_view bytes) {
    Output output(path);
    output.write(bytes);
    output.commit();
}

}  // namespace patchpipe
