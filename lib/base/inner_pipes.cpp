// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/inner_pipes.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/descriptor.h"
#include "base/error.h"

namespace patchpipe {
namespace {

// Descriptors beyond this are not looked at.
constexpr std::size_t most_descriptors = 1024;

struct End {
    int fd;
    ino_t inode;
    bool is_socket;
    bool writes;  // of a pipe
};

// The sockets and pipes that are open, in order of their descriptors. All on the stack, and wiped:
// kernels number them as they like, and a plug-in that reads memory it never wrote must not find
// other numbers in every run.
class Ends {
 public:
    Ends() {
        rlimit limit{};
        getrlimit(RLIMIT_NOFILE, &limit);
        const auto most = std::min<std::size_t>(most_descriptors, limit.rlim_cur);
        std::array<pollfd, most_descriptors> polled{};
        for (std::size_t i = 0; i < most; ++i) polled[i].fd = static_cast<int>(i);
        poll(polled.data(), most, 0);
        for (std::size_t i = 0; i < most; ++i)
            if (!(polled[i].revents & POLLNVAL)) add(polled[i].fd);
    }
    ~Ends() { explicit_bzero(ends_.data(), sizeof ends_); }
    Ends(const Ends&) = delete;
    Ends& operator=(const Ends&) = delete;

    [[nodiscard]] const End* begin() const { return ends_.data(); }
    [[nodiscard]] const End* end() const { return ends_.data() + size_; }

 private:
    void add(int fd) {
        struct stat info {};
        if (fstat(fd, &info) != 0) return;
        const bool is_socket = S_ISSOCK(info.st_mode);
        const int access = is_socket ? O_RDWR : fcntl(fd, F_GETFL) & O_ACCMODE;
        const bool is_pipe = S_ISFIFO(info.st_mode) && access != O_RDWR;  // else a FIFO in a folder
        if (is_socket || is_pipe) ends_[size_++] = {fd, info.st_ino, is_socket, access == O_WRONLY};
    }

    std::array<End, most_descriptors> ends_{};
    std::size_t size_ = 0;
};

struct SocketName {
    sockaddr_un address{};
    socklen_t size = sizeof address;

    bool operator==(const SocketName& other) const {
        return size == other.size && std::memcmp(&address, &other.address, size) == 0;
    }
};

using GetName = int(int, sockaddr*, socklen_t*);

// False if the descriptor is closed, or is not a local socket.
bool get_name(GetName* get, int fd, SocketName& name) {
    return get(fd, reinterpret_cast<sockaddr*>(&name.address), &name.size) == 0 &&
           name.address.sun_family == AF_UNIX && name.size > sizeof(sa_family_t);
}

bool has_peer(int fd) {
    sockaddr_un address{};
    socklen_t size = sizeof address;
    return getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
           address.sun_family == AF_UNIX;
}

// A socket of a pair has no name; the kernel gives it one that nobody uses.
void give_name(int fd) {
    SocketName name;
    if (!has_peer(fd) || get_name(getsockname, fd, name)) return;
    const sockaddr unnamed{.sa_family = AF_UNIX, .sa_data = {}};
    bind(fd, &unnamed, sizeof unnamed.sa_family);
}

// A socket does not say which its other end is, but it says the name of that end.
bool are_connected(int one, int other) {
    SocketName name, name_of_peer;
    return get_name(getsockname, one, name) && get_name(getpeername, other, name_of_peer) &&
           name == name_of_peer;
}

bool belong_together(const End& one, const End& other) {
    if (one.is_socket != other.is_socket) return false;
    if (one.is_socket) return one.inode != other.inode && are_connected(one.fd, other.fd);
    return one.inode == other.inode && one.writes != other.writes;
}

bool is_same_end(const End& one, const End& other) {
    return one.is_socket == other.is_socket && one.inode == other.inode &&
           one.writes == other.writes;
}

// Calls visit with both ends of each, once; either may have more descriptors in ends.
template <typename Visit>
void for_each_inner_pipe(const Ends& ends, Visit visit) {
    for (const auto& end : ends)
        if (end.is_socket) give_name(end.fd);
    for (const auto* one = ends.begin(); one != ends.end(); ++one) {
        const auto same = [&](const End& end) { return is_same_end(end, *one); };
        if (std::any_of(ends.begin(), one, same)) continue;
        const auto* other = std::find_if(
            one + 1, ends.end(), [&](const End& end) { return belong_together(*one, end); });
        if (other != ends.end()) visit(*one, *other);
    }
}

void put_under(const Ends& ends, const End& end, const Descriptor& fresh) {
    for (const auto& old : ends)
        if (is_same_end(old, end) && dup3(fresh.get(), old.fd, O_CLOEXEC) < 0)
            throw Error(ErrorKind::io, "inner pipe", system_message(errno));
}

int type_of_socket(int fd) {
    int type = SOCK_STREAM;
    socklen_t size = sizeof type;
    getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size);
    return type;
}

void renew(const Ends& ends, const End& one, const End& other) {
    int pair[2];
    const int made = one.is_socket
                         ? socketpair(AF_UNIX, type_of_socket(one.fd) | SOCK_NONBLOCK, 0, pair)
                         : pipe2(pair, O_NONBLOCK);
    if (made != 0) throw Error(ErrorKind::io, "inner pipe", system_message(errno));
    const Descriptor fresh[] = {Descriptor(pair[0]), Descriptor(pair[1])};
    put_under(ends, one, fresh[one.writes ? 1 : 0]);
    put_under(ends, other, fresh[one.writes ? 0 : 1]);
}

}  // namespace

std::size_t count_inner_pipes() {
    const Ends ends;
    std::size_t count = 0;
    for_each_inner_pipe(ends, [&](const End&, const End&) { ++count; });
    return count;
}

std::vector<int> inner_pipe_ends() {
    const Ends ends;
    std::vector<int> found;
    for_each_inner_pipe(ends, [&](const End& one, const End& other) {
        for (const auto& end : ends)
            if (is_same_end(end, one) || is_same_end(end, other)) found.push_back(end.fd);
    });
    return found;
}

void renew_inner_pipes() {
    const Ends ends;
    for_each_inner_pipe(ends, [&](const End& one, const End& other) { renew(ends, one, other); });
}

}  // namespace patchpipe
