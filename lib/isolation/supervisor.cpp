// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/supervisor.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include "base/descriptor.h"
#include "isolation/orphans.h"

namespace patchpipe {
namespace {

int pidfd_of(pid_t pid) { return static_cast<int>(syscall(SYS_pidfd_open, pid, 0)); }

// Only SIGKILL ends this process, and nothing of the tool's is kept open by it.
void let_go_of_the_tool() {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, nullptr);
    close_range(0, ~0U, 0);
}

void wait_for_one_end(pid_t tool, pid_t child) {
    pollfd ends[] = {{.fd = pidfd_of(tool), .events = POLLIN, .revents = 0},
                     {.fd = pidfd_of(child), .events = POLLIN, .revents = 0}};
    // The id may be another process's by now. A descriptor that could not be had is not waited for.
    if (getppid() == tool) (void)repeated([&] { return poll(ends, std::size(ends), -1); });
}

[[noreturn]] void end_as(int status) {
    if (WIFEXITED(status)) _exit(WEXITSTATUS(status));
    const int signal = WTERMSIG(status);
    const rlimit no_core{.rlim_cur = 0, .rlim_max = 0};
    (void)setrlimit(RLIMIT_CORE, &no_core);
    (void)std::signal(signal, SIG_DFL);
    sigset_t this_one;
    sigemptyset(&this_one);
    sigaddset(&this_one, signal);
    (void)kill(getpid(), signal);
    sigprocmask(SIG_UNBLOCK, &this_one, nullptr);
    _exit(128 + signal);
}

}  // namespace

void supervise(pid_t tool, const std::function<void(pid_t supervisor)>& work) {
    // A terminal's signals, and those to the tool's group, are not for it.
    (void)setsid();
    const auto self = getpid();
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) _exit(127);
    const auto child = fork();
    if (child == 0) work(self);
    if (child < 0) _exit(127);
    let_go_of_the_tool();
    wait_for_one_end(tool, child);
    (void)kill(child, SIGKILL);
    int status = 0;
    (void)repeated([&] { return waitpid(child, &status, 0); });
    Orphans::end_all();
    end_as(status);
}

}  // namespace patchpipe
