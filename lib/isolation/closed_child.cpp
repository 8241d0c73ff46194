// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/closed_child.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <csignal>

#include "base/error.h"
#include "isolation/memory_limit.h"
#include "isolation/sandbox.h"

namespace patchpipe {
namespace {

constexpr int socket_inside = STDERR_FILENO + 1;

// The tool's handlers are for the tool.
void forget_handlers() {
    for (int signal = 1; signal < NSIG; ++signal)
        if (signal != SIGPIPE) (void)std::signal(signal, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, nullptr);
}

// Of all that the tool has open, only the socket stays, at that number. Returns false if that
// fails.
bool keep_only(int socket) {
    const int kept = ::fcntl(socket, F_DUPFD, socket_inside + 1);
    const int null = ::open("/dev/null", O_RDWR);
    if (kept < 0 || null < 0) return false;
    for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::dup2(null, standard) < 0) return false;
    return ::dup2(kept, socket_inside) >= 0 && ::close_range(socket_inside + 1, ~0U, 0) == 0;
}

[[noreturn]] void become_closed(int socket, std::int64_t max_memory, pid_t parent,
                                const std::function<void(int)>& serve) try {
    die_with_parent(parent);
    (void)::setsid();  // what is typed at the terminal is for the tool
    forget_handlers();
    if (!limit_memory(memory_taken() + max_memory) || !keep_only(socket) || !close_in())
        ::_exit(127);
    serve(socket_inside);
    ::_exit(0);
} catch (...) {
    ::_exit(126);
}

}  // namespace

ClosedChild::ClosedChild(std::int64_t max_memory, const std::function<void(int)>& serve) {
    int pair[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        throw Error(ErrorKind::io, "socketpair", system_message(errno));
    socket_ = Descriptor(pair[0]);
    const Descriptor other_end(pair[1]);
    const auto parent = ::getpid();
    const auto starting = Child::starting();
    const auto pid = ::fork();
    if (pid == 0) become_closed(other_end.get(), max_memory, parent, serve);
    process_.emplace(pid);
}

std::string ClosedChild::end(bool kill) {
    if (kill) process_->kill();
    return process_->end();
}

}  // namespace patchpipe
