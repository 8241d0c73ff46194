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

#include "host/last_words.h"
#include "record/real_time.h"

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

/// How far the child of a job is with its reply.
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

/// Sends a message whole. Returns false if the other end is gone.
bool send_message(int socket, std::string_view message);

/// Waits for a message. Nothing if the other end is gone.
[[nodiscard]] std::optional<std::string> receive_message(int socket);

using Deadline = RealClock::time_point;

enum class Wait { ready, died, timed_out };

/// Waits until the socket is readable (ready), the process behind pidfd ends (died), or the
/// deadline passes. A message that a dead process left is ready. A descriptor of -1 is not waited
/// for. Meanwhile words listen.
[[nodiscard]] Wait wait_for(int socket, int pidfd, Deadline deadline, LastWords* words = nullptr);

}  // namespace patchpipe
