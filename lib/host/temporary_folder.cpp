// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/temporary_folder.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "host/child.h"
#include "record/error.h"

namespace patchpipe {
namespace {

std::string make_folder_in(const std::string& folder, const std::string& name) {
    auto path = folder + "/" + name;
    if (!::mkdtemp(path.data()))
        throw Error(ErrorKind::io, folder, "cannot make a folder there: " + system_message(errno));
    return path;
}

// A process that is being killed may still write.
void remove_folder(const std::string& path) {
    constexpr int most_tries = 500;
    constexpr unsigned pause_us = 20000;
    for (int i = 0; i < most_tries; ++i) {
        std::error_code why;
        std::filesystem::remove_all(path, why);
        if (!why) return;
        ::usleep(pause_us);
    }
}

// Nothing of the parent's stays open here, and all signals are blocked.
[[noreturn]] void remove_after(pid_t parent, const std::string& path) {
    ::setsid();
    prctl(PR_SET_NAME, "patchpipe-clean");
    close_range(0, ~0U, 0);
    pollfd ended{static_cast<int>(syscall(SYS_pidfd_open, parent, 0)), POLLIN, 0};
    if (::getppid() == parent && ended.fd >= 0)
        while (::poll(&ended, 1, -1) < 0 && errno == EINTR) {
        }
    remove_folder(path);
    _exit(0);
}

// Of all temporary folders of this process.
class Root {
 public:
    Root() {
        // A signal that comes meanwhile waits until somebody removes the folder.
        sigset_t all, before;
        sigfillset(&all);
        sigprocmask(SIG_SETMASK, &all, &before);
        const char* folder = std::getenv("TMPDIR");
        path_ = make_folder_in(folder && *folder ? folder : "/tmp", "patchpipe-XXXXXX");
        const auto parent = ::getpid();
        const auto pid = ::fork();
        if (pid == 0) remove_after(parent, path_);
        sigprocmask(SIG_SETMASK, &before, nullptr);
        remover_.emplace(pid);
    }
    ~Root() { remove_folder(path_); }
    Root(const Root&) = delete;
    Root& operator=(const Root&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }

 private:
    std::string path_;
    std::optional<Child> remover_;
};

const Root& root() {
    static const Root only;
    return only;
}

}  // namespace

TemporaryFolder::TemporaryFolder() : path_(make_folder_in(root().path(), "XXXXXX")) {}
TemporaryFolder::~TemporaryFolder() { remove_folder(path_); }

}  // namespace patchpipe
