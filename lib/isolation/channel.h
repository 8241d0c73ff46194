// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Messages between a tool and an isolated process, over a socket, and by a deadline.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/descriptor.h"
#include "base/real_time.h"
#include "isolation/last_words.h"

namespace patchpipe {

/// More than the longest record with all that is added to it. Anything that claims to be longer is
/// refused.
inline constexpr std::size_t largest_message = std::size_t{256} << 20;

using Deadline = RealClock::time_point;
inline constexpr Deadline never = Deadline::max();

/// The other end of a channel, as the functions below need it.
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
    broken,  ///< the other end is gone, or sends something other than a message
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

/// Receives the descriptor that the other end sends, or fails by the deadline. It ends with an
/// exec.
[[nodiscard]] Transfer receive_descriptor(const Peer& peer, Descriptor& fd, Deadline deadline);

}  // namespace patchpipe
