// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/job_output.h"

#include <filesystem>
#include <utility>

#include "base/error.h"
#include "job/plugin_requests.h"

namespace patchpipe {

JobOutput::JobOutput(TimeLimit& limit, std::string path, std::chrono::milliseconds timeout,
                     Sync sync)
    : limit_(limit),
      path_(std::move(path)),
      timeout_(timeout),
      sync_(sync),
      start_(RealClock::now()),
      file_(std::make_shared<File>()) {}

void JobOutput::open() {
    within_time([path = path_, deadline = start_ + time_for_waits(timeout_)](File& file) {
        file.emplace(path, deadline);
    });
    opened_ = true;
}

bool JobOutput::leads_to_stream() const {
    if (path_ == "/dev/null") return false;
    if (named_descriptor(path_)) return true;
    const auto found = std::make_shared<bool>(false);
    within_time([path = path_, found](File&) {
        std::error_code unseen;
        const auto status = std::filesystem::status(path, unseen);
        *found = std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
    });
    return *found;
}

bool JobOutput::is_begun_stream() const {
    return opened_ && file().straight() && path_ != "/dev/null";
}

void JobOutput::commit(std::function<void(int fd)> check) {
    if (!opened_)
        throw Error(ErrorKind::io, path_, "was not written: the plug-in answered in our place");
    within_time([sync = sync_, check = std::move(check)](File& file) {
        if (!file->straight()) check(file->fd());
        file->commit(sync);
    });
}

void JobOutput::within_time(std::function<void(File& file)> work) const {
    limit_.keep(timeout_, path_, "could not be written",
                [file = file_, work = std::move(work)](const std::stop_token&) { work(*file); });
}

}  // namespace patchpipe
