// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// LD_PRELOAD: no process is told of its parent's death, as one whose program gains capabilities
// when it starts.
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cstdarg>

extern "C" int prctl(int option, ...) {
    std::va_list list;
    va_start(list, option);
    unsigned long arguments[4];
    for (auto& argument : arguments) argument = va_arg(list, unsigned long);
    va_end(list);
    if (option == PR_SET_PDEATHSIG) return 0;
    return static_cast<int>(
        syscall(SYS_prctl, option, arguments[0], arguments[1], arguments[2], arguments[3]));
}
