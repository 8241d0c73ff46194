// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/orphans.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "base/descriptor.h"
#include "base/error.h"
#include "isolation/child.h"

namespace patchpipe {
namespace {

// What an orphan leaves behind is an orphan too. One that never stops starting others escapes.
constexpr int most_generations = 100;

// Only looks: whoever waits for a child still gets its exit status.
bool has_child_processes() {
    siginfo_t info{};
    return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}

void end_child(pid_t pid) {
    kill(pid, SIGKILL);
    (void)repeated([&] { return waitpid(pid, nullptr, 0); });
}

}  // namespace

Orphans::Orphans() {
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0)
        throw Error(ErrorKind::io, "orphaned processes", system_message(errno));
    keep_children();
}

// The kernel has a list for every thread.
std::set<pid_t> Orphans::children() {
    std::set<pid_t> found;
    std::error_code ended;
    for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task", ended)) {
        std::ifstream list(thread.path() / "children");
        for (pid_t pid = 0; list >> pid;) found.insert(pid);
    }
    return found;
}

// Of one that has ended, nothing but its status is left.
bool Orphans::keeps_any() const {
    return std::any_of(kept_.begin(), kept_.end(), [](pid_t pid) {
        siginfo_t info{};
        return waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
               info.si_pid == 0;
    });
}

void Orphans::end_all() {
    for (int generation = 0; generation < most_generations && has_child_processes(); ++generation)
        for (const auto pid : children()) end_child(pid);
}

void Orphans::end() const {
    const auto no_start = Child::starting();
    for (int generation = 0; generation < most_generations && has_child_processes(); ++generation) {
        bool found = false;
        for (const auto living = Child::living(); const auto pid : children()) {
            if (kept_.contains(pid) || living.contains(pid)) continue;
            end_child(pid);
            found = true;
        }
        if (!found) return;
    }
}

}  // namespace patchpipe
