// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "play/interruption.h"

#include <sys/signalfd.h>
#include <unistd.h>
#include <cerrno>
#include <ctime>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace patchpipe {
namespace {

struct Ending {
    int fd;
    std::string_view words;
    pid_t process;
} ending;  // for the handler, which may call little

void end_at_once(int) {
    if (getpid() != ending.process) return;
    (void)!write(ending.fd, ending.words.data(), ending.words.size());
    _exit(0);
}

// With nohup(1) the closing of the terminal is to be ignored.
std::vector<int> ending_signals() {
    struct sigaction at_hangup {};
    sigaction(SIGHUP, nullptr, &at_hangup);
    if (at_hangup.sa_handler == SIG_IGN) return {SIGINT, SIGTERM};
    return {SIGINT, SIGTERM, SIGHUP};
}

}  // namespace

Interruption::Interruption() {
    sigemptyset(&signals_);
    for (const int signal : ending_signals()) sigaddset(&signals_, signal);
    pthread_sigmask(SIG_BLOCK, &signals_, &before_);
    fd_ = Descriptor(signalfd(-1, &signals_, SFD_CLOEXEC | SFD_NONBLOCK));
    if (fd_.get() < 0) throw Error(ErrorKind::io, "signalfd", system_message(errno));
}

// Those that came have done their work.
Interruption::~Interruption() {
    const timespec at_once{};
    while (sigtimedwait(&signals_, nullptr, &at_once) > 0) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

EndOnInterruption::EndOnInterruption(int fd, std::string words) : words_(std::move(words)) {
    ending = {.fd = fd, .words = words_, .process = getpid()};
    struct sigaction action {};
    action.sa_handler = end_at_once;
    action.sa_flags = SA_RESTART;
    for (const int signal : ending_signals())
        sigaction(signal, &action, &before_.emplace_back(signal, action).second);
}

EndOnInterruption::~EndOnInterruption() {
    for (const auto& [signal, action] : before_) sigaction(signal, &action, nullptr);
}

}  // namespace patchpipe
