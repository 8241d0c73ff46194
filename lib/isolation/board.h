// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A board in shared memory on which a process notes what it is doing, so that another one can tell
// where it died.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/descriptor.h"
#include "base/real_time.h"
#include "isolation/page_tracker.h"

namespace patchpipe {

/// How far a request is that a child answers.
enum class Progress : int {
    untaken,   ///< it may be in the socket, whole or in part
    taken,     ///< nothing is in the socket
    replying,  ///< a part of a message of the child may be in the socket
    replied,   ///< the answer is sent
};

struct Board {
    std::atomic<Progress> progress{Progress::untaken};
    std::atomic<std::int64_t> timeout_ms{0};  ///< of this request
    /// When the child should have answered the request that it is at (RealClock); else never.
    std::atomic<RealClock::rep> deadline{RealClock::time_point::max().time_since_epoch().count()};
    std::atomic<int> answers{0};           ///< of this child
    std::atomic<std::uint64_t> number{0};  ///< of the request that it is at (protocol.h)
    // Of all children that were put back. Here, because the parent's memory must not depend on the
    // requests.
    std::atomic<int> ended_early{0}, all_answers{0};
    std::atomic<bool> rewinds{false};  ///< this child is put back after each answer

    /// What the process is doing, in words that follow "while". More than 47 bytes are cut off.
    void note(std::string_view doing);
    [[nodiscard]] std::string doing() const;

 private:
    std::array<char, 48> doing_{};
};

/// Shared memory for a board, under a descriptor that an exec'd process can map again.
class SharedBoard {
 public:
    SharedBoard();                 ///< new; throws Error io
    explicit SharedBoard(int fd);  ///< the tool's, inherited; this closes it; throws Error io
    ~SharedBoard();
    SharedBoard(const SharedBoard&) = delete;
    SharedBoard& operator=(const SharedBoard&) = delete;

    [[nodiscard]] int fd() const { return fd_.get(); }
    [[nodiscard]] Range memory() const;  ///< where it is mapped
    Board* operator->() const { return board_; }

    /// Clears the rest of the page, in which the process could leave something.
    void clear_rest() const;

 private:
    Descriptor fd_;
    Board* board_;
};

}  // namespace patchpipe
