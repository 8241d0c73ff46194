// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "record/stream_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <algorithm>
#include <cerrno>
#include <random>
#include <string>

#include "base/error.h"
#include "base/real_time.h"

namespace patchpipe {
namespace {

// Far behind the end of any file, so that locks on parts of a file by other programs do not
// conflict.
constexpr off_t readers_byte = 0x7061746368706970, writers_byte = readers_byte + 1;

// O_NONBLOCK: opening a FIFO whose other end has gone would wait for ever.
Descriptor open_again(int fd, StreamLock::Side side) {
    struct stat info {};
    if (fstat(fd, &info) != 0 || !(S_ISREG(info.st_mode) || S_ISFIFO(info.st_mode))) return {};
    const auto path = "/proc/self/fd/" + std::to_string(fd);
    const auto open_as = [&](int mode) {
        return Descriptor(open(path.c_str(), mode | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    };
    if (side == StreamLock::Side::readers) return open_as(O_RDONLY);
    if (S_ISREG(info.st_mode))
        if (auto both = open_as(O_RDWR); both.get() >= 0) return both;
    return open_as(O_WRONLY);
}

struct flock range(short type, off_t byte) {
    struct flock lock {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = byte;
    lock.l_len = 1;
    return lock;
}

bool set_range(int fd, int command, short type, off_t byte) {
    auto lock = range(type, byte);
    return fcntl(fd, command, &lock) == 0;
}

// A reader's lock, as the header says. False with EAGAIN if another reader has it or asks too.
bool claim(int fd) {
    if (!set_range(fd, F_OFD_SETLK, F_RDLCK, readers_byte)) return false;
    auto lock = range(F_WRLCK, readers_byte);
    const bool asked = fcntl(fd, F_OFD_GETLK, &lock) == 0;
    if (asked && lock.l_type == F_UNLCK) return true;
    const int error = asked ? EAGAIN : errno;
    set_range(fd, F_OFD_SETLK, F_UNLCK, readers_byte);
    errno = error;
    return false;
}

// Errors that mean that the lock is in use, not that the file system has no locks.
bool in_use(int error) { return error == EAGAIN || error == EACCES || error == EINTR; }

// Longer each time, and different in each process.
void pause(int tries) {
    using std::chrono::nanoseconds;
    static std::minstd_rand random(static_cast<unsigned>(getpid()));
    constexpr std::int64_t first = 50'000, most = 20'000'000;
    const auto longest = std::min(first << std::min(tries / 2, 20), most);
    real_sleep(nanoseconds(std::uniform_int_distribution<std::int64_t>(1, longest)(random)));
}

std::string advice(StreamLock::Side side) {
    return side == StreamLock::Side::readers ? "give the jobs through a pipe: cat JOBS | render-one"
                                             : "write through a pipe: render-one | cat > RESULTS";
}

}  // namespace

StreamLock::StreamLock(int fd, Side side, std::string name)
    : side_(side), name_(std::move(name)), stream_(open_again(fd, side)) {
    if (!works()) return;
    for (const auto kind : {Kind::range, Kind::whole}) {
        kind_ = kind;
        const bool held = try_to_hold(false);
        if (held) release();
        if (held || in_use(errno)) return;
        // Too many locks, for the moment: another worker may have had this one.
        if (errno == ENOLCK) break;
    }
    throw UsageError(name_ + ": cannot be locked (" + system_message(errno) +
                     "), so that workers could not share it; " + advice(side));
}

bool StreamLock::try_to_hold(bool wait) const {
    if (kind_ == Kind::whole) return flock(stream(), LOCK_EX | (wait ? 0 : LOCK_NB)) == 0;
    if (side_ == Side::readers) return claim(stream());
    return set_range(stream(), wait ? F_OFD_SETLKW : F_OFD_SETLK, F_WRLCK, writers_byte);
}

StreamLock::Held StreamLock::hold() const {
    for (int tries = 0; works() && !try_to_hold(true); ++tries) {
        if (!in_use(errno)) throw Error(ErrorKind::io, name_, "lock: " + system_message(errno));
        pause(tries);
    }
    return Held(*this);
}

void StreamLock::release() const {
    if (!works()) return;
    if (kind_ == Kind::whole)
        flock(stream(), LOCK_UN);
    else
        set_range(stream(), F_OFD_SETLK, F_UNLCK,
                  side_ == Side::readers ? readers_byte : writers_byte);
}

}  // namespace patchpipe
