// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/channel.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "record/error.h"

namespace patchpipe {
namespace {

bool send_all(int socket, const char* bytes, std::size_t size) {
    while (size > 0) {
        const auto sent = send(socket, bytes, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        bytes += sent;
        size -= static_cast<std::size_t>(sent);
    }
    return true;
}

bool receive_all(int socket, char* bytes, std::size_t size) {
    while (size > 0) {
        const auto got = recv(socket, bytes, size, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        bytes += got;
        size -= static_cast<std::size_t>(got);
    }
    return true;
}

Board* map_board(int fd) {
    void* memory = mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) throw Error(ErrorKind::io, "shared memory", system_message(errno));
    return static_cast<Board*>(memory);
}

int board_memory() {
    const int fd = memfd_create("patchpipe-board", MFD_CLOEXEC);
    if (fd < 0 || ftruncate(fd, sizeof(Board)) != 0)
        throw Error(ErrorKind::io, "shared memory", system_message(errno));
    return fd;
}

}  // namespace

std::string_view to_string(Phase phase) {
    switch (phase) {
        case Phase::starting:
            return "starting";
        case Phase::opening:
            return "loading the plug-in";
        case Phase::idle:
            return "waiting for a job";
        case Phase::describing:
            return "describing itself";
        case Phase::loading_preset:
            return "loading the preset";
        case Phase::rendering:
            return "rendering";
        case Phase::writing:
            return "writing the audio";
        case Phase::finishing:
            return "finishing the file";
    }
    return "starting";
}

SharedBoard::SharedBoard() : fd_(board_memory()), board_(new (map_board(fd_)) Board) {}
SharedBoard::SharedBoard(int fd) : fd_(fd), board_(map_board(fd)) {}
SharedBoard::~SharedBoard() {
    munmap(board_, sizeof(Board));
    close(fd_);
}

bool send_message(int socket, std::string_view message) {
    const auto size = static_cast<std::uint32_t>(message.size());
    std::string framed(sizeof size, '\0');
    std::memcpy(framed.data(), &size, sizeof size);
    framed += message;
    return send_all(socket, framed.data(), framed.size());
}

std::optional<std::string> receive_message(int socket) {
    std::uint32_t size = 0;
    if (!receive_all(socket, reinterpret_cast<char*>(&size), sizeof size)) return {};
    std::string message(size, '\0');
    if (!receive_all(socket, message.data(), size)) return {};
    return message;
}

Wait wait_for(int socket, int pidfd, Deadline deadline, LastWords* words) {
    using std::chrono::milliseconds;
    for (;;) {
        const auto left = std::chrono::ceil<milliseconds>(deadline - RealClock::now());
        if (left.count() <= 0) return Wait::timed_out;
        constexpr milliseconds hour{3600 * 1000};
        pollfd polled[] = {{socket, POLLIN, 0},
                           {pidfd, POLLIN, 0},
                           {words ? words->reading_end() : -1, POLLIN, 0}};
        real_poll(polled, 3, std::min(left, hour));
        if (polled[2].revents) words->listen();
        if (polled[0].revents & POLLIN) return Wait::ready;
        if (polled[1].revents) return Wait::died;
    }
}

}  // namespace patchpipe
