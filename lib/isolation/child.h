// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A child process that is watched: it dies with its parent, and how it ended can be said in words.
#pragma once

#include <sys/types.h>
#include <mutex>
#include <set>
#include <string>

namespace patchpipe {

class Child {
 public:
    /// Takes over a process that fork() made. Throws Error io.
    explicit Child(pid_t pid);
    ~Child();  ///< kills it and waits
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    [[nodiscard]] int pidfd() const { return pidfd_; }
    void kill() const;

    /// The processes that objects of this class stand for now.
    [[nodiscard]] static std::set<pid_t> living();

    /// Held from fork() until there is an object, and while orphans (orphans.h) are ended: another
    /// thread would take the new process for one.
    [[nodiscard]] static std::unique_lock<std::mutex> starting();

    /// Waits for its end and says how it came: "killed by SIGSEGV", "exited with status 3".
    std::string end();

 private:
    pid_t pid_;
    int pidfd_;
};

/// Call first in a forked child: it is killed when the parent ends, even when that has ended.
void die_with_parent(pid_t parent);

}  // namespace patchpipe
