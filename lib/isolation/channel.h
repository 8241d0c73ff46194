// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What two processes of one render share: a socket for messages, and a board in shared memory on
// which one notes what it is doing, so that the other can say where it died.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/descriptor.h"
#include "base/real_time.h"
#include "isolation/last_words.h"

namespace patchpipe {

/// What a process with a plug-in in it is doing.
enum class Phase : int {
    starting,
    opening,
    idle,
    describing,
    loading_preset,
    rendering,
    writing,
    finishing
};

/// In words, after "while": "loading the plug-in", "rendering" and so on.
[[nodiscard]] std::string_view to_string(Phase phase);

/// How far the child of a job is with its reply. While it waits for the job's file, a part of that
/// message may be in the socket as well: that counts as sending.
enum class Reply : int { none, sending, sent };

struct Board {
    std::atomic<Phase> phase{Phase::starting};
    std::atomic<Reply> reply{Reply::none};
    std::atomic<std::int64_t> timeout_ms{0};  ///< of this job; the parent does not read the job
};

/// Shared memory for a board, under a descriptor that an exec'd process can map again.
class SharedBoard {
 public:
    SharedBoard();                 ///< new; throws Error io
    explicit SharedBoard(int fd);  ///< of the parent; throws Error io
    ~SharedBoard();
    SharedBoard(const SharedBoard&) = delete;
    SharedBoard& operator=(const SharedBoard&) = delete;

    [[nodiscard]] int fd() const { return fd_; }
    Board* operator->() const { return board_; }

 private:
    int fd_;
    Board* board_;
};

/// More than the longest record with all that is added to it. What claims to be longer is no
/// message.
inline constexpr std::size_t largest_message = std::size_t{256} << 20;

using Deadline = RealClock::time_point;
inline constexpr Deadline never = Deadline::max();

/// The other end of a channel, as the two calls below need it.
struct Peer {
    int socket;
    int pidfd = -1;  ///< the process there, if this end may outlive it
    LastWords* words =
        nullptr;  ///< what the process prints; read while waiting, so it never blocks
};

enum class Wait { ready, died, timed_out };

/// Waits until the socket can be read (events POLLIN) or written (POLLOUT): ready; or the process
/// ends: died; or the deadline passes: timed_out. A message that a dead process left is ready. A
/// descriptor of -1 is not waited for.
[[nodiscard]] Wait wait_for(const Peer& peer, short events, Deadline deadline);

enum class Transfer {
    done,
    broken,  ///< the other end is gone, or what comes from there is no message
    timed_out,
};

/// Sends a message whole, or fails by the deadline.
[[nodiscard]] Transfer send_message(const Peer& peer, std::string_view message, Deadline deadline);

/// Receives a message whole, or fails by the deadline. Memory grows with what has arrived, whatever
/// size the message claims.
[[nodiscard]] Transfer receive_message(const Peer& peer, std::string& message, Deadline deadline);

/// Gives the other end a descriptor of the same open file, which stays open here too; or fails by
/// the deadline.
[[nodiscard]] Transfer send_descriptor(const Peer& peer, int fd, Deadline deadline);

/// The descriptor that the other end sent; it ends with an exec. Waits without end.
[[nodiscard]] Transfer receive_descriptor(const Peer& peer, Descriptor& fd);

}  // namespace patchpipe
