// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "file/temporary_folder.h"

#include <sys/signalfd.h>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "record/error.h"

namespace patchpipe {

namespace {

// Without those that are ignored, as nohup does it: waiting, they would be told of all the same.
sigset_t ending_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int number : {SIGHUP, SIGINT, SIGTERM}) {
        struct sigaction action {};
        sigaction(number, nullptr, &action);
        if (action.sa_handler != SIG_IGN) sigaddset(&signals, number);
    }
    return signals;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
    const auto signals = ending_signals();
    sigprocmask(SIG_BLOCK, &signals, &mask_before_);
    interruption_ = Descriptor(signalfd(-1, &signals, SFD_CLOEXEC));
    const char* parent = std::getenv("TMPDIR");
    path_ = std::string(parent && *parent ? parent : "/tmp") + "/patchpipe-XXXXXX";
    if (mkdtemp(path_.data())) return;
    const auto why = system_message(errno);
    release_signals();
    throw Error(ErrorKind::io, path_, "cannot make a folder: " + why);
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;  // there is nobody to tell
    std::filesystem::remove_all(path_, ignored);
    release_signals();
}

void TemporaryFolder::release_signals() const { sigprocmask(SIG_SETMASK, &mask_before_, nullptr); }

}  // namespace patchpipe
