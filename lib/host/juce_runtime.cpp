// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/juce_runtime.h"

#include <fcntl.h>
#include <juce_events/juce_events.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <set>
#include <vector>

#include "record/error.h"

namespace juce {
// Declared in juce_MessageManager.cpp only; the public loop sleeps.
bool dispatchNextMessageOnSystemQueue(bool returnIfNoPendingMessages);
}  // namespace juce

namespace patchpipe {
namespace {

std::vector<int> queue_sockets;

std::set<int> open_sockets() {
    constexpr int most = 1024;
    std::set<int> sockets;
    for (int fd = 0; fd < most; ++fd) {
        struct stat info {};
        if (fstat(fd, &info) == 0 && S_ISSOCK(info.st_mode)) sockets.insert(fd);
    }
    return sockets;
}

}  // namespace

void start_juce() {
    static juce::ScopedJuceInitialiser_GUI* runtime =
        nullptr;  // never shut down: we leave by _exit
    if (runtime) return;
    const auto before = open_sockets();
    runtime = new juce::ScopedJuceInitialiser_GUI();
    for (const int fd : open_sockets())
        if (!before.contains(fd)) queue_sockets.push_back(fd);
    // The pair is not in any header; these are the only sockets that JUCE opens to start.
    if (queue_sockets.size() != 2)
        throw std::logic_error("JUCE's message queue is not the one socket pair it was");
}

void pump_messages() {
    constexpr int most = 1000;
    for (int i = 0; i < most && juce::dispatchNextMessageOnSystemQueue(true); ++i) {
    }
}

void own_message_queue() {
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) != 0)
        throw Error(ErrorKind::io, "socketpair", system_message(errno));
    for (int end = 0; end < 2; ++end) {
        dup2(pair[end], queue_sockets[static_cast<std::size_t>(end)]);
        close(pair[end]);
    }
}

}  // namespace patchpipe
