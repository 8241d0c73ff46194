// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/channel.h"

#include <sys/socket.h>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "isolation/descriptor_message.h"

namespace patchpipe {
namespace {

// Moves bytes with send() or recv(), which return what write() and read() do and never wait.
template <typename Move>
Transfer move_all(const Peer& peer, short events, std::size_t size, Deadline deadline, Move move) {
    for (std::size_t moved = 0; moved < size;) {
        const auto count = move(moved);
        if (count > 0) {
            moved += static_cast<std::size_t>(count);
            continue;
        }
        if (count < 0 && errno == EINTR) continue;
        if (count == 0 || errno != EAGAIN) return Transfer::broken;
        const auto wait = wait_for(peer, events, deadline);
        if (wait != Wait::ready) return wait == Wait::died ? Transfer::broken : Transfer::timed_out;
    }
    return Transfer::done;
}

Transfer send_all(const Peer& peer, std::string_view bytes, Deadline deadline) {
    return move_all(peer, POLLOUT, bytes.size(), deadline, [&](std::size_t sent) {
        return send(peer.socket, bytes.data() + sent, bytes.size() - sent,
                    MSG_NOSIGNAL | MSG_DONTWAIT);
    });
}

Transfer receive_all(const Peer& peer, char* bytes, std::size_t size, Deadline deadline) {
    return move_all(peer, POLLIN, size, deadline, [&](std::size_t got) {
        return recv(peer.socket, bytes + got, size - got, MSG_DONTWAIT);
    });
}

}  // namespace

Wait wait_for(const Peer& peer, short events, Deadline deadline) {
    using std::chrono::milliseconds;
    for (;;) {
        const auto left = std::chrono::ceil<milliseconds>(deadline - RealClock::now());
        if (left.count() <= 0) return Wait::timed_out;
        constexpr milliseconds hour{3600 * 1000};
        pollfd polled[] = {{peer.socket, events, 0},
                           {peer.pidfd, POLLIN, 0},
                           {peer.words ? peer.words->reading_end() : -1, POLLIN, 0}};
        real_poll(polled, 3, std::min(left, hour));
        if (polled[2].revents) peer.words->listen();
        if (polled[0].revents) return Wait::ready;
        if (polled[1].revents) return Wait::died;
    }
}

Transfer send_message(const Peer& peer, std::string_view message, Deadline deadline) {
    const auto size = static_cast<std::uint32_t>(message.size());
    if (message.size() > largest_message) return Transfer::broken;
    std::string framed(sizeof size, '\0');
    std::memcpy(framed.data(), &size, sizeof size);
    framed += message;
    return send_all(peer, framed, deadline);
}

Transfer receive_message(const Peer& peer, std::string& message, Deadline deadline) {
    constexpr std::size_t most_at_once = std::size_t{1} << 20;
    std::uint32_t size = 0;
    auto transfer = receive_all(peer, reinterpret_cast<char*>(&size), sizeof size, deadline);
    if (transfer == Transfer::done && size > largest_message) return Transfer::broken;
    message.clear();
    while (transfer == Transfer::done && message.size() < size) {
        const auto got = message.size();
        message.resize(got + std::min(size - got, most_at_once));
        transfer = receive_all(peer, message.data() + got, message.size() - got, deadline);
    }
    return transfer;
}

Transfer send_descriptor(const Peer& peer, int fd, Deadline deadline) {
    char byte = 0;
    DescriptorMessage sent(&byte, 1);
    sent.put(fd);
    return move_all(peer, POLLOUT, 1, deadline, [&](std::size_t) {
        return sendmsg(peer.socket, sent.header(), MSG_NOSIGNAL | MSG_DONTWAIT);
    });
}

Transfer receive_descriptor(const Peer& peer, Descriptor& fd, Deadline deadline) {
    char byte = 0;
    DescriptorMessage received(&byte, 1);
    const auto transfer = move_all(peer, POLLIN, 1, deadline, [&](std::size_t) {
        return recvmsg(peer.socket, received.header(), MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    });
    fd = received.take();
    return transfer == Transfer::done && fd.get() < 0 ? Transfer::broken : transfer;
}

}  // namespace patchpipe
