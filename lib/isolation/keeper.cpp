// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/keeper.h"

#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#include <cerrno>
#include <chrono>
#include <csignal>

#include "base/real_time.h"

namespace patchpipe {
// The C library's only variable that this changes is errno, and that is put back.
int Keeper::sleep_for_ever(void* place) {
    auto& keeper = *static_cast<Keeper*>(place);
    const int error = errno;
    syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (syscall(SYS_getppid) != keeper.parent_) syscall(SYS_exit_group, 1);
    syscall(SYS_prctl, PR_SET_PTRACER, keeper.original_, 0, 0, 0);  // where Yama asks for it
    syscall(SYS_close_range, 0, ~0U, 0);
    errno = error;
    keeper.ready_ = true;
    for (;;) syscall(SYS_ppoll, nullptr, 0, nullptr, nullptr, 0);
}

// Not fork(), which tells the copy's C library that it is another process. And not a child of this
// process, among those that a plug-in may have started here.
bool Keeper::start() {
    using std::chrono::microseconds;
    constexpr int most_looks = 20000;
    constexpr microseconds time_between_looks{50};
    original_ = getpid();
    parent_ = getppid();
    ready_ = false;
    pid_ = clone(sleep_for_ever, stack_.data() + stack_.size(), CLONE_PARENT | SIGCHLD, this);
    if (pid_ < 0) return false;
    for (int looks = 0; !ready_ && looks < most_looks; ++looks) real_sleep(time_between_looks);
    return ready_ && is_readable();
}

bool Keeper::is_readable() const {
    const auto start = reinterpret_cast<std::uintptr_t>(this);
    pid_t same = 0;
    return read({start, start + sizeof same}, reinterpret_cast<char*>(&same)) && same == pid_;
}

bool Keeper::read(Range range, char* to) const {
    const iovec there{reinterpret_cast<void*>(range.start), range.size()};
    const iovec here{to, range.size()};
    return process_vm_readv(pid_, &here, 1, &there, 1, 0) == static_cast<ssize_t>(range.size());
}

}  // namespace patchpipe
