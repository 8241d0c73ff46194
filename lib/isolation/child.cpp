// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/child.h"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "base/descriptor.h"
#include "base/error.h"

namespace patchpipe {
namespace {

std::string describe(int status) {
    if (WIFEXITED(status)) return "exited with status " + std::to_string(WEXITSTATUS(status));
    const int signal = WTERMSIG(status);
    const auto* name = sigabbrev_np(signal);
    return "killed by " + (name ? std::string("SIG") + name : "signal " + std::to_string(signal));
}

// Of all threads.
struct Living {
    std::mutex mutex;
    std::set<pid_t> pids;

    static Living& all() {
        static auto* const only = new Living;  // for as long as there may be a child
        return *only;
    }
};

}  // namespace

Child::Child(pid_t pid)
    : pid_(pid), pidfd_(pid < 0 ? -1 : static_cast<int>(syscall(SYS_pidfd_open, pid, 0))) {
    if (pidfd_ >= 0) {
        auto& living = Living::all();
        const std::lock_guard lock(living.mutex);
        living.pids.insert(pid);
        return;
    }
    const auto why = system_message(errno);
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        end();
    }
    throw Error(ErrorKind::io, "child process", why);
}

std::set<pid_t> Child::living() {
    auto& living = Living::all();
    const std::lock_guard lock(living.mutex);
    return living.pids;
}

std::unique_lock<std::mutex> Child::starting() {
    static std::mutex mutex;
    return std::unique_lock(mutex);
}

Child::~Child() {
    if (pid_ > 0) {
        kill();
        end();
    }
    close(pidfd_);
}

void Child::kill() const {
    if (pid_ > 0) ::kill(pid_, SIGKILL);
}

std::string Child::end() {
    int status = 0;
    (void)repeated([&] { return waitpid(pid_, &status, 0); });
    auto& living = Living::all();
    const std::lock_guard lock(living.mutex);
    living.pids.erase(std::exchange(pid_, 0));
    return describe(status);
}

void die_with_parent(pid_t parent) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) _exit(1);
}

}  // namespace patchpipe
