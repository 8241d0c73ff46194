// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A job's file, opened and named by the tool on behalf of the process with the plug-in. That
// process gets the open descriptor only, so it needs no permission to write to any folder
// (sandbox.h).
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "file/whole_file.h"
#include "isolation/time_limit.h"

namespace patchpipe {

class JobOutput {
 public:
    /// timeout is the job's, which begins now. The wait for a FIFO's reader is a little shorter, so
    /// that its end is not taken for a hang of the plug-in.
    JobOutput(TimeLimit& limit, std::string path, std::chrono::milliseconds timeout, Sync sync);

    /// Opens the file; call it once. Throws Error io as WholeFile does, and timeout if the file
    /// system does not answer.
    void open();

    /// After open().
    [[nodiscard]] const WholeFile& file() const { return **file_; }

    /// True if the audio goes to a pipe, a device or an open descriptor, where it cannot be written
    /// again; /dev/null can. Throws as open() does.
    [[nodiscard]] bool leads_to_stream() const;

    /// True if some of the audio may be in such a place already.
    [[nodiscard]] bool is_begun_stream() const;

    /// Gives the file its name, when check has seen what was written, unless that went straight to
    /// its place. Throws what open() and check throw, and Error io if the file is not open.
    void commit(std::function<void(int fd)> check);

 private:
    using File = std::optional<WholeFile>;

    void within_time(std::function<void(File& file)> work) const;

    TimeLimit& limit_;
    std::string path_;
    std::chrono::milliseconds timeout_;
    Sync sync_;
    WholeFile::Deadline start_;
    std::shared_ptr<File> file_;  // a thread that hangs keeps it, and may still be opening it
    bool opened_ = false;
};

}  // namespace patchpipe
